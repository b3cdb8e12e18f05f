import { formatCount, formatMs, formatPercent, formatRate, formatUsd } from '../../lib/text/format.ts';
import { parseExpression } from '../../lib/thresholds/expression.ts';
import { dataTable } from '../report/html/data-table.ts';
import { html, type Markup, NOTHING } from '../report/html/markup.ts';
import { modelTable } from '../report/html/run-section.ts';
import { tiles } from '../report/html/tiles.ts';
import type { RunData } from '../results/read/run-data.ts';
import { summaryFromFigures } from '../results/merge/summary-from-figures.ts';
import { askedAt } from './asked-load.ts';
import type { JudgedSoFar, RunEvent } from './run-events.ts';
import type { RunProgress } from './run-progress.ts';
import { clockText, statusFacts } from './status-text.ts';

/** What the launcher knows of the run before it begins. */
export type LiveRun = { scenario: string; target: string; provider: string };

/** The run so far, as a report would be made of. */
export function runOfNow(progress: RunProgress, known: LiveRun): RunData {
  const { figures, header } = progress;
  const elapsedMs = progress.elapsedMs() ?? 0;
  const summary = summaryFromFigures(figures, {
    scenario: known.scenario,
    startedAt: null,
    durationMs: elapsedMs,
    seed: header?.seed ?? null,
    thresholds: [],
    notes: [],
    facts: null,
    declared: [],
    untold: ['droppedIterations', 'cutShort', 'samplesRejected', 'preflight'],
  });
  return {
    label: known.scenario,
    summary: { ...summary, target: known.target, provider: known.provider },
    figures,
    stages: header?.stages ?? [],
    samplesPath: null,
    requests: null,
    skipped: null,
    segment: null,
    facts: null,
  };
}

/** The page's parts but its plots, by the id of their place. */
export function livePartsOf(progress: RunProgress, run: RunData): Map<string, string> {
  const judged = progress.judge();
  return new Map([
    ['state', stateOf(progress).text],
    ['tiles', tiles(run).text],
    ['events', eventList(progress.events.list).text],
    ['models', modelTable(run.summary).text],
    ['thresholds', thresholdTable(judged).text],
  ]);
}

function stateOf(progress: RunProgress): Markup {
  const facts = statusFacts(progress);
  if (facts === null)
    return html`<p>
      Setting up: the load has not begun. (A script without k6-llm's own library tells nothing here.)
    </p>`;
  const { elapsedMs, plannedMs, requestsPerSec, askedPerSec, users } = facts;
  const askedUsers = askedAt(progress.header?.stages ?? [], elapsedMs).users;
  const items: [string, string][] = [['load', clockText(elapsedMs)]];
  if (plannedMs !== null)
    items.push(['left', plannedMs > elapsedMs ? clockText(plannedMs - elapsedMs) : 'only last answers']);
  items.push(['now', `${formatRate(requestsPerSec)} requests/s`]);
  if (askedPerSec !== null) items.push(['asked', `${formatRate(askedPerSec)} requests/s`]);
  items.push(['users', askedUsers === null ? String(users) : `${users} of ${Math.round(askedUsers)}`]);
  const bar =
    plannedMs === null
      ? NOTHING
      : html`<progress
          max="${plannedMs}"
          value="${Math.min(plannedMs, elapsedMs)}"
          aria-label="load"
        ></progress>`;
  return html`<ul class="facts">
      ${items.map(([name, value]) => html`<li>${name} <b>${value}</b></li>`)}
    </ul>
    ${bar}`;
}

function eventList(events: readonly RunEvent[]): Markup {
  if (events.length === 0) return html`<p>Nothing to tell: no error, no broken threshold.</p>`;
  return html`<ol class="notes">
    ${events.map(({ atMs, text }) => html`<li><b>${clockText(atMs)}</b> ${text}</li>`)}
  </ol>`;
}

function thresholdTable(judged: readonly JudgedSoFar[]): Markup {
  if (judged.length === 0) return html`<p>The run is judged by none.</p>`;
  return dataTable({
    caption: 'What the run is judged by, and how it stands',
    columns: [
      { title: 'metric' },
      { title: 'threshold', isText: true },
      { title: 'now' },
      { title: 'so far', isText: true },
    ],
    rows: judged.map(({ metric, expression, value, met }) => [
      metric,
      html`<code>${expression}</code>`,
      value === null ? '' : valueText(metric, expression, value),
      met === null
        ? 'at the end'
        : met
          ? html`<span class="yes">✓ met</span>`
          : html`<span class="no">✕ not met</span>`,
    ]),
  });
}

function valueText(metric: string, expression: string, value: number): string {
  const kind = parseExpression(expression)?.statistic.kind;
  if (kind === 'count') return metric.startsWith('ai_cost') ? formatUsd(value) : formatCount(value);
  if (kind === 'rate') return value <= 1 ? formatPercent(value) : formatRate(value);
  return /_ms\b/.test(metric) ? `${formatMs(value)} ms` : formatRate(value);
}
