import { html, NOTHING } from '../report/html/markup.ts';
import { documentOf } from '../report/html/page.ts';
import { LIVE_SCRIPT } from './live-script.ts';
import type { LiveRun } from './live-parts.ts';

/** It runs one script, this one, and talks to nobody but the launcher. */
function policyOf(nonce: string): string {
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
}

/** The page as it is before anything is known; its parts come by themselves. */
export function livePage({ scenario, target, provider }: LiveRun, nonce: string): string {
  const body = html`<main>
    <section class="run" aria-labelledby="title">
      <header>
        <p class="kicker">k6-llm, live</p>
        <h1 id="title">${scenario}</h1>
        <ul class="facts">
          <li>target <b>${target}</b></li>
          <li>provider <b>${provider}</b></li>
        </ul>
      </header>
      <div id="state" class="live-state">${NOTHING}</div>
      <p class="live-stop"><button id="stop" type="button">Stop the run</button></p>
      <p id="lost" class="no" role="status" hidden>
        The launcher has ended, or cannot be reached: this is the last that came of it. Its folder in results/
        has the report.
      </p>
      <div id="tiles"></div>
      <h3>What happened</h3>
      <div id="events" aria-live="polite"></div>
      <h3>Plots</h3>
      <div id="plots" class="plots"></div>
      <h3>By model</h3>
      <div id="models"></div>
      <h3>Thresholds</h3>
      <div id="thresholds"></div>
    </section>
  </main>`;
  return documentOf(`k6-llm live: ${scenario}`, body, {
    text: LIVE_SCRIPT,
    nonce,
    policy: policyOf(nonce),
  });
}
