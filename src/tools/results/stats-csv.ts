import { statsOfValues } from '../../lib/summary/stats-of-values.ts';
import type { Block, Stats, Summary } from '../../lib/summary/summary.ts';
import type { Figures } from './figures/figures.ts';
import { cumulate, Histogram, quantileOf } from './figures/histogram.ts';
import type { RunData } from './read/run-data.ts';

/** The percentiles of Locust's `_stats.csv`, in its order and with its titles. */
const LOCUST_PERCENTILES: readonly [string, number][] = [
  ['50%', 0.5],
  ['66%', 0.66],
  ['75%', 0.75],
  ['80%', 0.8],
  ['90%', 0.9],
  ['95%', 0.95],
  ['98%', 0.98],
  ['99%', 0.99],
  ['99.9%', 0.999],
  ['99.99%', 0.9999],
  ['100%', 1],
];

const LOCUST_COLUMNS = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  ...LOCUST_PERCENTILES.map(([title]) => title),
];

const OWN_COLUMNS = [
  'Success Count',
  'Error Rate',
  'Goodput',
  'TTFT 50%',
  'TTFT 95%',
  'TTFT 99%',
  'TPOT 50%',
  'TPOT 95%',
  'Tokens/s 50%',
  'Input Tokens',
  'Cached Input Tokens',
  'Output Tokens',
  'Output Tokens/s',
  'Cost USD',
  'Cost USD per 1k Requests',
];

type Cell = string | number | null;

/**
 * `stats.csv`: one row a model and one, `Aggregated`, for all. Locust's columns first, so that its readers
 * work (response times are those of successes, in ms; an LLM's answer is measured in tokens, so `Average
 * Content Size` is empty), then ours.
 */
export function statsCsv({ summary, figures }: RunData): string {
  const seconds = summary.durationMs === null ? null : summary.durationMs / 1000;
  const models = Object.entries(summary.models).map(([name, block]): Cell[] =>
    row({ type: 'POST', name, block, latency: latencyOf(figures, name, summary), seconds }),
  );
  const all = row({
    type: '',
    name: 'Aggregated',
    block: wholeBlock(summary, figures),
    latency: figures === null ? null : figures.trend('ai_latency_ms'),
    seconds,
  });
  const lines: Cell[][] = [[...LOCUST_COLUMNS, ...OWN_COLUMNS], ...models, all];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

type Row = {
  type: string;
  name: string;
  block: Block;
  latency: Histogram | null;
  seconds: number | null;
};

function row({ type, name, block, latency, seconds }: Row): Cell[] {
  const { latencyMs, ttftMs, tpotMs, tokensPerSec } = block;
  const perSec = (count: number): number | null =>
    seconds === null || seconds <= 0 ? null : count / seconds;
  return [
    type,
    name,
    block.requestsFinished,
    block.failed,
    round(latencyMs.p50),
    round(latencyMs.mean),
    round(latencyMs.min),
    round(latencyMs.max),
    null,
    round(perSec(block.requestsFinished)),
    round(perSec(block.failed)),
    ...percentiles(latencyMs, latency).map(round),
    block.succeeded,
    round(block.errorRatio),
    round(block.goodputRatio),
    round(ttftMs.p50),
    round(ttftMs.p95),
    round(ttftMs.p99),
    round(tpotMs.p50),
    round(tpotMs.p95),
    round(tokensPerSec.p50),
    block.inputTokens,
    block.cachedInputTokens,
    block.outputTokens,
    round(block.outputTokensPerSec),
    block.costUsd,
    block.costUsdPer1kRequests,
  ];
}

/** From the distribution where there is one; else the few that the summary has. */
function percentiles(stats: Stats, latency: Histogram | null): (number | null)[] {
  if (latency !== null && latency.count > 0) {
    const cumulative = cumulate(latency);
    return LOCUST_PERCENTILES.map(([, q]) => (q === 1 ? latency.max : quantileOf(cumulative, q)));
  }
  const known: Readonly<Record<string, number | null>> = {
    '50%': stats.p50,
    '90%': stats.p90,
    '95%': stats.p95,
    '99%': stats.p99,
    '100%': stats.max,
  };
  return LOCUST_PERCENTILES.map(([title]) => known[title] ?? null);
}

function latencyOf(figures: Figures | null, model: string, summary: Summary): Histogram | null {
  if (figures === null) return null;
  if (Object.keys(summary.models).length === 1) return figures.trend('ai_latency_ms');
  const cell = figures.metrics.get('ai_latency_ms')?.parts.model.get(model);
  return cell instanceof Histogram ? cell : null;
}

/** The whole run as a block: its distributions are the one test type's, or come from the figures. */
export function wholeBlock(summary: Summary, figures: Figures | null): Block {
  const stats = (metric: string): Stats => statsOfAll(summary, figures, metric);
  return {
    ...summary.totals,
    latencyMs: stats('ai_latency_ms'),
    ttftMs: stats('ai_ttft_ms'),
    ttfoMs: stats('ai_ttfo_ms'),
    tpotMs: stats('ai_tpot_ms'),
    tokensPerSec: stats('token_throughput_per_sec'),
    inputTokensPerSec: stats('ai_input_tokens_per_sec'),
  };
}

/** A Trend of the whole run: k6's own figures where it gave them, which are exact; else from the figures. */
function statsOfAll({ metrics }: Summary, figures: Figures | null, metric: string): Stats {
  const own = metrics[metric];
  return statsOfValues(own, own?.['count'] ?? figures?.trend(metric).count ?? 0);
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}

/**
 * One cell by RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP,
 * "CSV Injection").
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^'|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
