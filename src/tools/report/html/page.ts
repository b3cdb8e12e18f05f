import type { RunData } from '../run-data.ts';
import { html, Markup, NOTHING } from './markup.ts';
import { runSection } from './run-section.ts';
import { STYLE } from './style.ts';
import { answersFor } from './verdict.ts';

/** The whole of report.html over one run or several: one file, no script, no request to anywhere. */
export function renderPage(runs: readonly RunData[]): string {
  const names = runs.map(({ summary }) => summary.scenario).join(', ');
  const title = `k6-llm: ${names === '' ? 'no runs' : names}`;
  const sections = runs.map((run, index) => runSection(run, `run-${index + 1}`, runs.length === 1));
  return documentOf(
    title,
    html`<header>
        <p class="kicker">k6-llm</p>
        <h1>Load test report</h1>
      </header>
      <main>${runs.length > 1 ? index(runs) : NOTHING} ${sections}</main>
      <footer>
        Latency in ms, money in US dollars. CI: the range that holds the true value with 95 % confidence.
        Percentiles count successes only.
      </footer>`,
  );
}

/** A page of ours around a body: styles inside, nothing loaded from anywhere, no script. */
export function documentOf(title: string, body: Markup): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <div class="page">${body}</div>
      </body>
    </html> `;
  return page.text;
}

function index(runs: readonly RunData[]): Markup {
  const items = runs.map((run, index) => {
    const [held] = answersFor(run);
    return html`<li>
      <a href="#run-${index + 1}">${run.summary.scenario}</a> (${run.label}): ${held?.sign ?? ''}
      ${held?.short ?? ''}
    </li>`;
  });
  return html`<nav class="index" aria-label="Runs">
    <ol>
      ${items}
    </ol>
  </nav>`;
}
