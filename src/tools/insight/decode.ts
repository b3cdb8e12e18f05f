import { quantileRanks, sortSamples } from '../../lib/numbers/quantiles.ts';
import { medianOf } from './prefill.ts';
import type { Stream } from './streams-of.ts';
import type { LimitAdvice } from './limit-advice.ts';
import { type LimitFigure, toldWithin, unknown } from './limit-figure.ts';

/** How fast a server writes. */
export type Decode = {
  /** Of one stream where few are open. */
  tokensPerSecOfStream: LimitFigure;
  /** Of all streams together, where they share what there is. */
  tokensPerSecInAll: LimitFigure;
};

const FEWEST = 20;
/** Of a load that soon is high, few streams are nearly alone. */
const CALM_SHARE = 0.05;
/** TPOT grows where the busiest quarter's is as many times as long as that of the calm ones. */
const GROWN_RATIO = 1.15;
/** Beyond the knee by so much, streams share: total / number is what each gets. */
const BEYOND = 1.2;

/** TPOT by how many streams were being written at the time. */
export function decodeOf(streams: readonly Stream[], { busier }: LimitAdvice): Decode {
  const paced = streams.flatMap(({ tpotMs, writtenBeside }) =>
    tpotMs === null || tpotMs <= 0 ? [] : [{ tpotMs, open: writtenBeside }],
  );
  if (paced.length < FEWEST) {
    const reason = `only ${paced.length} streams had a pace: it takes token counts, and answers of several tokens`;
    return { tokensPerSecOfStream: unknown(reason), tokensPerSecInAll: unknown(reason) };
  }
  const byOpen = paced.toSorted((a, b) => a.open - b.open);
  const quarter = Math.max(FEWEST, Math.floor(byOpen.length / 4));
  const calm = byOpen.slice(0, Math.max(FEWEST, Math.floor(byOpen.length * CALM_SHARE)));
  const busy = byOpen.slice(-quarter);
  const [calmMs, busyMs] = [calm, busy].map((part) => medianOf(part.map(({ tpotMs }) => tpotMs)));
  const of = (reason: string): Decode => ({
    tokensPerSecOfStream: ofMedian(
      calm.map(({ tpotMs }) => 1000 / tpotMs),
      'streams had paces of their own',
    ),
    tokensPerSecInAll: unknown(reason),
  });
  if (calmMs === undefined || busyMs === undefined) return of('no pace was seen');
  const most = Math.round(byOpen.at(-1)?.open ?? 0);
  if (busyMs < GROWN_RATIO * calmMs)
    return of(
      `TPOT does not grow with open streams up to ${most}: more than ${Math.round((most * 1000) / busyMs)} tokens/s in all; ${busier} to see the limit`,
    );
  return { ...of(''), tokensPerSecInAll: inAll(byOpen, { aloneMs: calmMs, most, busier }) };
}

/** Where TPOT grows as the number of streams does, its total stays: found where the hinge fits better than a line. */
function inAll(
  byOpen: readonly { tpotMs: number; open: number }[],
  { aloneMs, most, busier }: { aloneMs: number; most: number; busier: string },
): LimitFigure {
  const knees = byOpen.map(({ open }) => open);
  let best = { miss: Infinity, knee: 0 };
  for (let step = 0; step < 60; step += 1) {
    const knee = knees[Math.floor((step / 60) * knees.length)] ?? 0;
    if (knee <= 0) continue;
    const misses = byOpen.map(({ tpotMs, open }) =>
      Math.abs(tpotMs / (aloneMs * Math.max(1, open / knee)) - 1),
    );
    const miss = medianOf(misses);
    if (miss < best.miss) best = { miss, knee };
  }
  const beyond = byOpen.filter(({ open }) => open > BEYOND * best.knee);
  const totals = beyond.map(({ tpotMs, open }) => (open * 1000) / tpotMs);
  const reason = `TPOT grows with open streams, but all of them together still gained up to ${most}; ${busier} to see the limit`;
  if (beyond.length < FEWEST) return unknown(reason);
  // Shared, the total is the same with few streams beyond the knee and with many.
  const half = totals.length >> 1;
  const [fewer, more] = [medianOf(totals.slice(0, half)), medianOf(totals.slice(half))];
  if (Math.abs(more / fewer - 1) > 0.1) return unknown(reason);
  return ofMedian(totals, reason);
}

/** A median with the order statistics that bound it. */
function ofMedian(values: readonly number[], reason: string): LimitFigure {
  const sorted = sortSamples(values).ascending;
  const { low, high } = quantileRanks(sorted.length, 0.5);
  return toldWithin(
    {
      value: medianOf(values),
      low: sorted[(low ?? 1) - 1] ?? 0,
      high: sorted[(high ?? sorted.length) - 1] ?? Infinity,
    },
    reason,
  );
}
