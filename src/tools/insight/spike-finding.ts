import { formatCount, formatMs, formatPercent, formatSpan, formatUsd } from '../../lib/text/format.ts';
import { quantile, sortSamples, smallestCountFor } from '../../lib/numbers/quantiles.ts';
import { recoveryText } from '../../lib/summary/recovery.ts';
import type { RunFinding, Summary } from '../../lib/summary/summary.ts';
import type { TimedRequest } from './timed-request.ts';

export const SPIKE_QUESTION = 'What did the spike do?';

/** What a spike did, in words; null for a run without one, or one that ended before it. */
export function spikeFinding(requests: readonly TimedRequest[], summary: Summary): RunFinding | null {
  const startMs = leastStart(requests, (window) => window === 'spike');
  if (startMs === null) return null;
  const endMs = leastStart(requests, (window) => window.startsWith('after'));
  const measured = requests.filter(({ isMeasured }) => isMeasured);
  const before = measured.filter(({ window }) => window === 'before');
  const later = measured.filter(({ window }) => window !== null && window !== 'before');
  const blocks = blocksOf(later, startMs);
  const failed = later.filter(({ isOk }) => !isOk);
  const told = {
    errors: errorsOf(failed, { before, startMs, endMs }),
    worst: worstShare(blocks, startMs),
    p95: worstP95(blocks, { before, startMs }),
    recovery: recoveryOf(summary),
    lost: lostOf(failed, summary),
    spent: spentOn(failed),
  };
  const parts = [
    told.errors.sentence,
    failed.length === 0 ? null : told.worst,
    told.p95,
    told.recovery,
    told.lost === null ? null : `${told.lost}, ${told.spent} spent on failures`,
  ];
  return {
    question: SPIKE_QUESTION,
    sentence: parts.filter((part) => part !== null).join('; '),
    rows: [
      { name: 'errors began', value: told.errors.began, note: told.errors.ended },
      {
        name: 'failed at the worst',
        value: failed.length === 0 ? formatPercent(0) : (told.worst ?? 'too few to tell'),
        note: '',
      },
      { name: 'p95 at the worst', value: told.p95 ?? 'too few answers to tell', note: '' },
      ...recoveryRows(summary),
      { name: 'requests lost', value: told.lost ?? 'none', note: 'failed for good, dropped, or cut short' },
      {
        name: 'spent on failures',
        value: told.spent,
        note: 'what failed answers told of their tokens',
      },
    ],
  };
}

/** What is known of it: a failure that told no tokens, or of no price, may be billed all the same. */
function spentOn(failed: readonly TimedRequest[]): string {
  const known = failed.flatMap(({ costUsd }) => costUsd ?? []);
  if (failed.length > 0 && known.length === 0) return 'an unknown sum';
  const usd = formatUsd(known.reduce((sum, cost) => sum + cost, 0));
  return known.length < failed.length ? `${usd} or more` : usd;
}

function leastStart(requests: readonly TimedRequest[], isIn: (window: string) => boolean): number | null {
  let least: number | null = null;
  for (const { window, startMs } of requests)
    if (window !== null && isIn(window)) least = Math.min(least ?? Infinity, startMs);
  return least;
}

function since(atMs: number, { startMs, endMs }: { startMs: number; endMs: number | null }): string {
  return endMs !== null && atMs >= endMs
    ? `${formatSpan(atMs - endMs)} after the spike`
    : `${formatSpan(Math.max(0, atMs - startMs))} into the spike`;
}

function errorsOf(
  failed: readonly TimedRequest[],
  { before, startMs, endMs }: { before: readonly TimedRequest[]; startMs: number; endMs: number | null },
): { sentence: string; began: string; ended: string } {
  if (failed.length === 0) return { sentence: 'no request failed', began: 'never', ended: '' };
  const times = failed.map((request) => request.endMs).toSorted((a, b) => a - b);
  const began = since(times[0] ?? startMs, { startMs, endMs });
  const earlier = before.filter(({ isOk }) => !isOk).length;
  const already = earlier === 0 ? '' : `; ${formatPercent(earlier / before.length)} had failed before it`;
  return {
    sentence: `errors began ${began}${already}`,
    began,
    ended: `the last came ${since(times.at(-1) ?? startMs, { startMs, endMs })}${already}`,
  };
}

type Block = { fromMs: number; toMs: number; ended: TimedRequest[] };

const LEAST_BLOCK_MS = 1000;
const IN_BLOCK = 20;

/** By when requests ended: stretches of whole seconds, long enough for twenty requests each on average. */
function blocksOf(later: readonly TimedRequest[], startMs: number): Block[] {
  const lastMs = later.reduce((last, { endMs }) => Math.max(last, endMs), startMs);
  const perMs = later.length / Math.max(1, lastMs - startMs);
  const lengthMs = Math.max(1, Math.ceil(IN_BLOCK / perMs / LEAST_BLOCK_MS)) * LEAST_BLOCK_MS;
  const blocks = new Map<number, TimedRequest[]>();
  for (const request of later) {
    const at = Math.floor((request.endMs - startMs) / lengthMs);
    const known = blocks.get(at) ?? [];
    known.push(request);
    blocks.set(at, known);
  }
  return [...blocks]
    .filter(([, { length }]) => length >= IN_BLOCK)
    .toSorted(([a], [b]) => a - b)
    .map(([at, ended]) => ({
      fromMs: startMs + at * lengthMs,
      toMs: startMs + (at + 1) * lengthMs,
      ended,
    }));
}

function stretch({ fromMs, toMs }: Block, startMs: number): string {
  return `${formatSpan(fromMs - startMs)} to ${formatSpan(toMs - startMs)} after it began`;
}

function worstShare(blocks: readonly Block[], startMs: number): string | null {
  const shares = blocks.map((block) => ({
    block,
    ratio: block.ended.filter(({ isOk }) => !isOk).length / block.ended.length,
  }));
  const worst = shares.toSorted((a, b) => b.ratio - a.ratio)[0];
  return worst === undefined
    ? null
    : `${formatPercent(worst.ratio)} failed at the worst (${stretch(worst.block, startMs)})`;
}

function worstP95(
  blocks: readonly Block[],
  { before, startMs }: { before: readonly TimedRequest[]; startMs: number },
): string | null {
  const p95s = blocks.flatMap((block) => {
    const value = p95Of(block.ended, IN_BLOCK);
    return value === null ? [] : [{ block, value }];
  });
  const worst = p95s.toSorted((a, b) => b.value - a.value)[0];
  if (worst === undefined) return null;
  const then = p95Of(before, smallestCountFor(0.5));
  const against = then === null ? '' : `, against ${formatMs(then)} ms before`;
  return `p95 was ${formatMs(worst.value)} ms at the worst (${stretch(worst.block, startMs)})${against}`;
}

function p95Of(requests: readonly TimedRequest[], fewest: number): number | null {
  const latencies = requests.flatMap(({ latencyMs }) => latencyMs ?? []);
  return latencies.length < fewest ? null : quantile(sortSamples(latencies), 0.95);
}

function recoveryOf({ recovery }: Summary): string | null {
  if (recovery === null) return null;
  const { latency, latencyMs } = recovery;
  if (latency !== 'back' || latencyMs === null) return `latency: ${recoveryText(latency, latencyMs)}`;
  return latencyMs === 0
    ? 'latency was back as soon as it ended'
    : `latency was back ${formatSpan(latencyMs)} after its end`;
}

function recoveryRows({ recovery, stream }: Summary): { name: string; value: string; note: string }[] {
  if (recovery === null) return [];
  const note = 'from the end of the spike until two windows of 10 s are within 10 % of before';
  const rows = [{ name: 'latency back', value: recoveryText(recovery.latency, recovery.latencyMs), note }];
  if (stream) rows.push({ name: 'TTFT back', value: recoveryText(recovery.ttft, recovery.ttftMs), note });
  return rows;
}

/** Requests that nobody got an answer to; null where there were none. */
function lostOf(failed: readonly TimedRequest[], { totals }: Summary): string | null {
  const forGood = failed.filter(({ isRetried }) => !isRetried).length;
  const parts = [
    [forGood, 'failed'],
    [totals.droppedIterations ?? 0, 'dropped'],
    [totals.cutShort ?? 0, 'cut short'],
  ] as const;
  const lost = parts.reduce((sum, [count]) => sum + count, 0);
  if (lost === 0) return null;
  const how = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return `${formatCount(lost)} ${lost === 1 ? 'request' : 'requests'} lost (${how.join(', ')})`;
}
