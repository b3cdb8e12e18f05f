import { ERROR_KINDS, type ErrorKind } from '../attempt.ts';
import {
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
  formatSpan,
  formatUsd,
  NOT_AVAILABLE,
} from '../format.ts';
import { type Column, renderTable, wrap } from '../table.ts';
import type { Block, Stats, Summary, Totals } from './summary.ts';

const WIDTH = 80;
const INDENT = '  ';

/** Colours a word, or leaves it. */
type Paint = (text: string, colour: 'red' | 'green' | 'yellow' | 'bold') => string;

const ANSI = { red: 31, green: 32, yellow: 33, bold: 1 } as const;

/** The summary as a terminal shows it: at most 80 columns, colour only where asked for. */
export function renderText(summary: Summary, { enableColors }: { enableColors: boolean }): string {
  const paint: Paint = (text, colour) => (enableColors ? `\u001b[${ANSI[colour]}m${text}\u001b[0m` : text);
  const sections = [
    heading(summary, paint),
    modelTable(summary),
    streamTable(summary),
    errorLines(summary),
    totalsLines(summary),
    thresholdLines(summary, paint),
    noteLines(summary),
  ];
  const body = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((l) => INDENT + l).join('\n'));
  return `\n${body.join('\n\n')}\n\n`;
}

function heading(summary: Summary, paint: Paint): string[] {
  const { scenario, target, provider, durationMs, seed, slo, trust } = summary;
  const word = {
    pass: paint('PASS', 'green'),
    fail: paint('FAIL', 'red'),
    'not-judged': paint('NOT JUDGED', 'yellow'),
  };
  const mode = summary.stream ? `streamed, ${summary.transport} transport` : 'blocking';
  const lines = [
    `${paint(scenario, 'bold')}  ${word[slo.state]}  ${formatSpan(durationMs)} of load, seed ${seed ?? NOT_AVAILABLE}, ${mode}`,
    `${target} (${provider})`,
  ];
  if (trust.state !== 'valid') {
    lines.push(
      ...wrap(`${paint(trust.state, 'yellow')}: ${trust.reasons.join('; ')}`, WIDTH - INDENT.length, INDENT),
    );
  }
  return lines;
}

const MODEL_COLUMNS: readonly Column[] = [
  { title: 'model', width: 17, align: 'left' },
  { title: 'ok', width: 5, align: 'right' },
  { title: 'fail', width: 4, align: 'right' },
  { title: 'p50 ms', width: 6, align: 'right' },
  { title: 'p95', width: 5, align: 'right' },
  { title: 'p99', width: 5, align: 'right' },
  { title: 'tok in', width: 6, align: 'right' },
  { title: 'out', width: 6, align: 'right' },
  { title: 'USD', width: 8, align: 'right' },
];

function modelTable({ models, totals, metrics }: Summary): string[] {
  const cells = (name: string, block: Totals, latency: Pick<Stats, 'p50' | 'p95' | 'p99'>): string[] => [
    name,
    formatCount(block.succeeded),
    formatCount(block.failed),
    formatMs(latency.p50),
    formatMs(latency.p95),
    formatMs(latency.p99),
    formatCount(block.inputTokens),
    formatCount(block.outputTokens),
    block.costUsd === null ? NOT_AVAILABLE : formatUsd(block.costUsd).slice(1),
  ];
  const entries = Object.entries(models);
  const rows = entries.map(([name, block]) => cells(name, block, block.latencyMs));
  if (entries.length !== 1) rows.push(cells('all', totals, allLatency(metrics, totals.succeeded)));
  return renderTable(MODEL_COLUMNS, rows);
}

function allLatency(metrics: Summary['metrics'], succeeded: number): Pick<Stats, 'p50' | 'p95' | 'p99'> {
  const values = succeeded === 0 ? undefined : metrics['ai_latency_ms'];
  return { p50: values?.['med'] ?? null, p95: values?.['p(95)'] ?? null, p99: values?.['p(99)'] ?? null };
}

const STREAM_COLUMNS: readonly Column[] = [
  { title: 'streams', width: 18, align: 'left' },
  { title: 'TTFT p50 ms', width: 11, align: 'right' },
  { title: 'p95', width: 6, align: 'right' },
  { title: 'p99', width: 6, align: 'right' },
  { title: 'TPOT p50 ms', width: 11, align: 'right' },
  { title: 'p95', width: 6, align: 'right' },
  { title: 'tok/s', width: 6, align: 'right' },
];

function streamTable({ models, stream }: Summary): string[] {
  const seen = Object.entries(models).filter(([, block]) => stream && block.ttftMs.count > 0);
  if (seen.length === 0) return [];
  const row = ([name, block]: [string, Block]): string[] => [
    name,
    formatMs(block.ttftMs.p50),
    formatMs(block.ttftMs.p95),
    formatMs(block.ttftMs.p99),
    formatMs(block.tpotMs.p50),
    formatMs(block.tpotMs.p95),
    formatRate(block.tokensPerSec.p50),
  ];
  return renderTable(STREAM_COLUMNS, seen.map(row));
}

function errorLines({ models, totals }: Summary): string[] {
  if (totals.failed === 0) return [];
  const listed = Object.entries(models).filter(([, block]) => block.failed > 0);
  const lines = listed.map(([name, block]) => `${name}: ${kinds(block.errors)}`);
  return ['errors by kind', ...lines.flatMap((line) => wrap(`${INDENT}${line}`, WIDTH - 4, INDENT + INDENT))];
}

function kinds(errors: Totals['errors']): string {
  const counted = ERROR_KINDS.map((kind): [ErrorKind, number] => [kind, errors[kind] ?? 0]).filter(
    ([, n]) => n > 0,
  );
  return counted.map(([kind, n]) => `${kind} ${n}`).join(', ') || NOT_AVAILABLE;
}

function totalsLines({ totals, load }: Summary): string[] {
  const pairs: [string, string][] = [
    ['requests/s', formatRate(totals.requestsPerSec)],
    ['tokens/s out', formatRate(totals.outputTokensPerSec)],
    ['goodput', formatPercent(totals.goodputRatio)],
    ['error rate', formatPercent(totals.errorRatio)],
    ['cost', formatUsd(totals.costUsd)],
    ['per 1,000 requests', formatUsd(totals.costUsdPer1kRequests)],
    ['per good request', formatUsd(totals.costUsdPerGoodRequest)],
    ['per 1M tokens out', formatUsd(totals.costUsdPerMillionOutputTokens)],
    ['dropped iterations', formatCount(totals.droppedIterations)],
    ['cut short', formatCount(totals.cutShort)],
  ];
  if (totals.reportedCostUsd !== null) {
    const difference = totals.reportedCostUsd - (totals.costUsd ?? 0);
    const sign = difference < 0 ? '-' : '+';
    pairs.push([
      'cost as reported',
      `${formatUsd(totals.reportedCostUsd)} (${sign}${formatUsd(Math.abs(difference))})`,
    ]);
  }
  if (totals.rateLimited > 0) pairs.push(['rate limited (429)', formatCount(totals.rateLimited)]);
  if (totals.retries > 0) pairs.push(['retries', formatCount(totals.retries)]);
  if (load.vusAllocated !== null && load.vusNeeded !== null) {
    pairs.push(['VUs needed / had', `${load.vusNeeded} / ${load.vusAllocated}`]);
  }
  return inTwoColumns(pairs);
}

function inTwoColumns(pairs: readonly [string, string][]): string[] {
  const cell = ([name, value]: [string, string]): string => `${name.padEnd(20)}${value}`;
  const lines: string[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    const [left, right] = pairs.slice(index, index + 2).map(cell);
    lines.push(right === undefined ? (left ?? '') : `${(left ?? '').padEnd(39)}${right}`);
  }
  return lines;
}

function thresholdLines({ thresholds, slo }: Summary, paint: Paint): string[] {
  const rows = thresholds.map(
    ({ metric, expression, ok }) =>
      `${ok ? paint('pass', 'green') : paint('FAIL', 'red')}  ${metric}: ${expression}`,
  );
  const judged = slo.judged.length === 0 ? [] : [`good means ${slo.judged.join(' ms, ')} ms`];
  return rows.length === 0
    ? []
    : ['thresholds', ...rows.map((row) => INDENT + row), ...judged.map((l) => INDENT + l)];
}

function noteLines({ notes }: Summary): string[] {
  return notes.length === 0
    ? []
    : [
        'notes',
        ...notes.flatMap((note) =>
          wrap(`${INDENT}${note}`, WIDTH - 4, INDENT).map((l, i) => (i === 0 ? INDENT + l : INDENT + l)),
        ),
      ];
}
