import { createHash } from 'node:crypto';
import { formatCount, formatMs, formatPercent } from '../../../lib/text/format.ts';
import type { RunData } from '../../results/read/run-data.ts';
import { wholeBlock } from '../../results/stats-csv.ts';
import { dataTable } from './data-table.ts';
import { html, Markup, NOTHING } from './markup.ts';
import { HOVER_SCRIPT } from './hover-script.ts';
import { plotFigure } from './plot-figure.ts';
import { overlayPlots } from './plots.ts';
import { runSection } from './run-section.ts';
import { STYLE } from './style.ts';
import { answersFor } from './verdict.ts';

/** The whole of report.html over one run or several: one file, no request to anywhere, readable without its script. */
export function renderPage(runs: readonly RunData[]): string {
  const names = runs.map(({ summary }) => summary.scenario).join(', ');
  const isAlone = runs.length === 1;
  const sections = runs.map((run, at) => runSection(run, `run-${at + 1}`, isAlone));
  const head = html`<header>
    <p class="kicker">k6-llm</p>
    <h1>Load test report</h1>
  </header>`;
  const body = html`${isAlone ? NOTHING : head}
    <main>${isAlone ? NOTHING : html`${index(runs)}${overlay(runs)}`}${sections}</main>`;
  return documentOf(`k6-llm: ${names === '' ? 'no runs' : names}`, body);
}

/** All runs in one picture, before each by itself. */
function overlay(runs: readonly RunData[]): Markup {
  const plots = overlayPlots(runs);
  return plots.length === 0 ? NOTHING : html`<div class="plots overlay">${plots.map(plotFigure)}</div>`;
}

/** In one piece: its hash is of what stands between the tags. */
const SCRIPT = new Markup(`<script>${HOVER_SCRIPT}</script>`);

/** Nothing but what is in the file may be loaded, and of scripts only ours may run: it is known by its hash. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${createHash('sha256').update(HOVER_SCRIPT).digest('base64')}'`;

/** A script of our own, and what a page that has it may load. */
export type PageScript = { text: string; nonce: string; policy: string };

/** A whole page around a body. */
export function documentOf(title: string, body: Markup, script: PageScript | null = null): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${script?.policy ?? POLICY}" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <div class="page">
          ${body}
          <footer>
            Latency in ms, money in US dollars. CI: the range that holds the true value with 95 % confidence,
            from how alike neighbouring requests are; none where they are too alike to tell. Percentiles count
            successes only.
          </footer>
        </div>
        ${
          script === null
            ? SCRIPT
            : html`<script nonce="${script.nonce}">
                ${new Markup(script.text)};
              </script>`
        }
      </body>
    </html> `.text;
}

function index(runs: readonly RunData[]): Markup {
  const rows = runs.map((run, at) => {
    const { totals, slo } = run.summary;
    const [held, , cost, trust] = answersFor(run).map(({ sign, short }) => `${sign} ${short}`.trim());
    return [
      html`<a href="#run-${at + 1}">${run.label}</a>`,
      html`<span class="${TONES[slo.state]}">${held ?? ''}</span>`,
      formatCount(totals.requestsFinished),
      formatPercent(totals.errorRatio),
      formatMs(wholeBlock(run.summary, run.figures).latencyMs.p95),
      cost ?? '',
      trust ?? '',
    ];
  });
  const columns = ['run', 'held', 'requests', 'failed', 'latency p95, ms', 'cost', 'to be trusted'];
  return html`<nav class="index" aria-label="Runs">
    ${dataTable({
      caption: 'The runs of this report',
      columns: columns.map((title) => ({ title, isText: title === 'held' || title === 'to be trusted' })),
      rows,
    })}
  </nav>`;
}

const TONES = { pass: 'yes', fail: 'no', 'not-judged': '' } as const;
