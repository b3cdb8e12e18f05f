import { formatCount, formatMs, formatPercent, formatSpan, formatUsd } from '../../../lib/text/format.ts';
import { capitalized } from '../../../lib/text/capitalized.ts';
import { serverSentence } from '../../../lib/summary/server-sentence.ts';
import { OWN_TITLES, ownRows } from '../../../lib/summary/own-rows.ts';
import { reportedRows } from '../../../lib/summary/reported-rows.ts';
import { KIND_TITLES, kindRows } from '../../../lib/summary/render/kind-rows.ts';
import { thresholdsBesideSteps } from '../../../lib/summary/render/step-rows.ts';
import { sessionSentence, turnRows, turnTitles } from '../../../lib/summary/render/turn-rows.ts';
import { recoveryText } from '../../../lib/summary/recovery.ts';
import type { Block, Summary } from '../../../lib/summary/summary.ts';
import type { RunData } from '../../results/read/run-data.ts';
import { dataTable } from './data-table.ts';
import { findingSections } from './finding-sections.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { statsFrom } from '../../results/figures/histogram.ts';
import { MIN_SAMPLES } from '../../results/figures/timeline.ts';
import { plotFigure } from './plot-figure.ts';
import { OVER_TIME } from './plots-latency.ts';
import { plotsFor } from './plots.ts';
import { tiles } from './tiles.ts';
import { type VerdictAnswer, answersFor } from './verdict.ts';

/** One run: its verdict, figures, tables and plots. `isAlone`: the page has no other, so it gives the page its title. */
export function runSection(run: RunData, id: string, isAlone: boolean): Markup {
  const section = wholeSection(run, id, isAlone);
  if (isAlone) return section;
  return html`<details class="fold">
    <summary>${run.label}</summary>
    ${section}
  </details>`;
}

function wholeSection(run: RunData, id: string, isAlone: boolean): Markup {
  const plots = plotsFor(run, id);
  return html`<section class="run" id="${id}" aria-labelledby="${id}-title">
    <header>
      <p class="kicker">${kicker(run, isAlone)}</p>
      ${title(run, id, isAlone)} ${facts(run.summary)}
    </header>
    <dl class="answers">${answersFor(run).map(answer)}</dl>
    ${plots.capacity.length === 0 ? NOTHING : html`<div class="plots capacity">${plots.capacity.map(plotFigure)}</div>`}
    ${tiles(run)} ${findingSections(run.summary)}
    <h3>By model</h3>
    ${modelTable(run.summary)} ${kindTable(run.summary)} ${turnTable(run.summary)}
    ${reportedTable(run.summary)} ${ownTable(run.summary)} ${thresholdTable(run.summary)}
    ${recovery(run.summary)}
    <h3>Plots</h3>
    ${plots.others.length === 0 ? html`<p>There is nothing to plot: ${noPlotReason(run)}.</p>` : html`<div class="plots">${plots.others.map(plotFigure)}</div>`}
    ${tooFewTable(run)} ${notes(run.summary)} ${settings(run.summary)}
  </section>`;
}

function kicker({ label, summary }: RunData, isAlone: boolean): string {
  const parts = [isAlone ? 'k6-llm load test report' : '', label === summary.scenario ? '' : label];
  return parts.filter((part) => part !== '').join(', ');
}

function title({ summary }: RunData, id: string, isAlone: boolean): Markup {
  return isAlone
    ? html`<h1 id="${id}-title">${summary.scenario}</h1>`
    : html`<h2 id="${id}-title">${summary.scenario}</h2>`;
}

function noPlotReason({ figures, summary }: RunData): string {
  if (figures === null) return 'this summary.json was written without histograms';
  if (summary.totals.requestsFinished === 0) return 'no request was made';
  return figures.sliceCount() === 0 ? 'none was recorded' : `fewer than ${MIN_SAMPLES} of each`;
}

/** Trends with too few samples for a picture: their numbers. */
function tooFewTable({ figures }: RunData): Markup {
  const few = OVER_TIME.flatMap(({ metric, title }) => {
    const histogram = figures?.trend(metric);
    return histogram !== undefined && histogram.count > 0 && histogram.count < MIN_SAMPLES
      ? [{ title, stats: statsFrom(histogram) }]
      : [];
  });
  if (few.length === 0) return NOTHING;
  return dataTable({
    caption: `Too few samples to draw (fewer than ${MIN_SAMPLES}), in ms`,
    columns: ['', 'samples', 'least', 'p50', 'most'].map((title) => ({ title })),
    rows: few.map(({ title, stats: { count, min, p50, max } }) => [
      title,
      formatCount(count),
      ...[min, p50, max].map(formatMs),
    ]),
  });
}

function facts({ target, provider, startedAt, durationMs, seed, transport, stream }: Summary): Markup {
  const items: [string, string][] = [
    ['target', target],
    ['provider', provider],
    ['started', startedAt === null ? 'unknown' : startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['load', formatSpan(durationMs)],
    ['transport', `${transport}, ${stream ? 'streamed' : 'blocking'}`],
    ['seed', seed === null ? 'unknown' : String(seed)],
  ];
  return html`<ul class="facts">
    ${items.map(([name, value]) => html`<li>${name} <b>${value}</b></li>`)}
  </ul>`;
}

function answer({ question, tone, sign, short, sentences }: VerdictAnswer): Markup {
  return html`<div class="answer ${tone}">
    <dt>${question}</dt>
    <dd>
      <div class="short">
        ${sign === '' ? NOTHING : html`<span aria-hidden="true">${sign}</span> `}${short}
      </div>
      ${sentences.map((sentence) => html`<p class="more">${sentence}</p>`)}
    </dd>
  </div>`;
}

/** A row a kind of request, where a run sends several. */
function kindTable(summary: Summary): Markup {
  const rows = kindRows(summary);
  if (rows.length === 0) return NOTHING;
  return dataTable({
    caption: 'By kind of request; times in ms',
    columns: KIND_TITLES.map((title, index) => ({ title: index === 0 ? '' : title })),
    rows,
  });
}

/** A row a model. */
export function modelTable(summary: Summary): Markup {
  const { stream, models } = summary;
  const streamed = stream ? ['TTFT p50', 'TTFT p95', 'TPOT p50'] : [];
  const hasCached = Object.values(models).some(({ cachedInputTokens }) => cachedInputTokens > 0);
  const titles = [
    'ok',
    'failed',
    'p50',
    'p95',
    'p99',
    ...streamed,
    'tokens in',
    ...(hasCached ? ['cached'] : []),
    'tokens out',
    'goodput',
    'USD',
  ];
  const row = ([name, block]: [string, Block]): string[] => [
    name,
    formatCount(block.succeeded),
    formatCount(block.failed),
    formatMs(block.latencyMs.p50),
    formatMs(block.latencyMs.p95),
    formatMs(block.latencyMs.p99),
    ...(stream ? [formatMs(block.ttftMs.p50), formatMs(block.ttftMs.p95), formatMs(block.tpotMs.p50)] : []),
    formatCount(block.inputTokens),
    ...(hasCached ? [formatCount(block.cachedInputTokens)] : []),
    formatCount(block.outputTokens),
    formatPercent(block.goodputRatio),
    formatUsd(block.costUsd),
  ];
  return dataTable({
    caption: 'Requests, latency in ms (successes), tokens and dollars, by model',
    columns: [{ title: 'model' }, ...titles.map((title) => ({ title }))],
    rows: Object.entries(models).map(row),
  });
}

/** How conversations and sessions fared, turn by turn. */
function turnTable(summary: Summary): Markup {
  const sentence = sessionSentence(summary);
  const words = sentence === null ? NOTHING : html`<p>${capitalized(sentence)}.</p>`;
  const rows = turnRows(summary);
  if (rows.length === 0) return words;
  return html`<h3>By turn</h3>
    ${words}
    ${dataTable({
      caption:
        'Requests by their place in the conversation: latency in ms, and how much of the prompt was cached',
      columns: turnTitles(summary).map((title) => ({ title })),
      rows,
    })}`;
}

/** Beside the client's times: what the answers themselves say of the server's. */
function reportedTable(summary: Summary): Markup {
  const sentence = serverSentence(summary);
  const page =
    sentence === null
      ? NOTHING
      : html`<h3>What the server says of itself</h3>
          <p>${capitalized(sentence)}.</p>`;
  const rows = reportedRows(summary);
  if (rows.length === 0) return page;
  return html`${page}
    <h3>What the server says of each request</h3>
    ${dataTable({
      caption: "Parts of the server's time in ms, as its answers tell them",
      columns: ['part', 'answers', 'p50', 'p95', 'p99'].map((title) => ({ title })),
      rows: rows.map(({ name, count, p50, p95, p99 }) => [
        name,
        formatCount(count),
        formatMs(p50),
        formatMs(p95),
        formatMs(p99),
      ]),
    })}`;
}

/** Steps and metrics of the scenario's own. */
function ownTable(summary: Summary): Markup {
  const rows = ownRows(summary);
  if (rows.length === 0) return NOTHING;
  return html`<h3>Of the scenario’s own</h3>
    ${dataTable({
      caption: 'Steps (user.step) and metrics that the scenario itself makes',
      columns: OWN_TITLES.map((title) => ({ title })),
      rows,
    })}`;
}

function thresholdTable(summary: Summary): Markup {
  const { interrupted } = summary;
  const thresholds = thresholdsBesideSteps(summary);
  if (thresholds.length === 0) return NOTHING;
  const rows = thresholds
    .toSorted((a, b) => Number(a.ok ?? true) - Number(b.ok ?? true))
    .map(({ metric, expression, ok }) => [
      metric,
      html`<code>${expression}</code>`,
      ok === null
        ? 'not judged: no sample'
        : interrupted
          ? `${ok ? 'met' : 'not met'} so far`
          : ok
            ? html`<span class="yes">✓ met</span>`
            : html`<span class="no">✕ not met</span>`,
    ]);
  return html`<h3>Thresholds</h3>
    ${dataTable({
      caption: interrupted
        ? 'What the run would have been judged by: it was interrupted'
        : 'What the run was judged by, those not met first',
      columns: [{ title: 'metric' }, { title: 'threshold', isText: true }, { title: 'result', isText: true }],
      rows,
    })}`;
}

function recovery({ recovery, stream }: Summary): Markup {
  if (recovery === null) return NOTHING;
  return html`<h3>Recovery after the spike</h3>
    <p>
      Latency back within 10 % of before: <b>${recoveryText(recovery.latency, recovery.latencyMs)}</b>.
      ${stream ? html`TTFT: <b>${recoveryText(recovery.ttft, recovery.ttftMs)}</b>.` : NOTHING}
    </p>`;
}

function notes({ notes }: Summary): Markup {
  if (notes.length === 0) return NOTHING;
  return html`<h3>Notes</h3>
    <ul class="notes">
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

function settings({ settings }: Summary): Markup {
  const rows = Object.entries(settings).filter(([, value]) => value !== '');
  if (rows.length === 0) return NOTHING;
  return html`<h3>Settings</h3>
    <details>
      <summary>Every setting as the run had it</summary>
      ${dataTable({
        caption: 'Settings',
        columns: [{ title: 'variable' }, { title: 'value', isText: true }],
        rows,
      })}
    </details>`;
}
