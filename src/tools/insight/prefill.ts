import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import { type Coefficient, fitLeastSquares, halfWidth } from './least-squares.ts';
import type { Stream } from './streams-of.ts';
import type { LimitAdvice } from './limit-advice.ts';
import { type LimitFigure, toldWithin, unknown } from './limit-figure.ts';

/** How a server reads prompts, told at low load. */
export type Prefill = {
  tokensPerSec: LimitFigure;
  /** What 1,000 cached tokens save of TTFT, ms. */
  cachedSavesMsPer1k: LimitFigure;
  /** TTFT without a queue, ms; and how far single ones lie around it. null where the run was never at low load. */
  alone: { ttftMs: (stream: Stream) => number; spreadMs: number } | null;
};

const FEWEST = 30;
/** More would only meet more others. */
const ENOUGH = 300;
/** Prompts differ in length where the longest tenth is as many times as long as the shortest. */
const VARIED_RATIO = 1.5;

export const VARY_PROMPTS = 'run with LLM_INPUT_TOKENS=lognormal:1000:0.8 to see prefill';

/** TTFT by prompt length at low load: what grows with each token that is not cached is prefill. */
export function prefillOf(streams: readonly Stream[], advice: LimitAdvice): Prefill {
  const low = atLowLoad(streams);
  if (low === null) return nothing(`${advice.who} was never at low load; ${advice.slower}`, null);
  const ttfts = low.map(({ ttftMs }) => ttftMs);
  const typicalMs = medianOf(ttfts);
  const alone = { ttftMs: () => typicalMs, spreadMs: spreadOf(ttfts.map((ttftMs) => ttftMs - typicalMs)) };
  const counted = low.flatMap((stream) => {
    const { inputTokens, cachedTokens, ttftMs } = stream;
    return inputTokens === null
      ? []
      : [{ uncached: inputTokens - cachedTokens, cached: cachedTokens, ttftMs }];
  });
  if (counted.length < FEWEST) return nothing('answers tell no token counts', alone);
  const hasCache = isMixed(counted.map(({ cached }) => cached));
  const lengths = sortSamples(counted.map(({ uncached }) => uncached));
  const [short, long] = [quantile(lengths, 0.1) ?? 0, quantile(lengths, 0.9) ?? 0];
  if (long < VARIED_RATIO * Math.max(1, short))
    return nothing(`prompts were all about ${Math.round(long)} tokens long; ${VARY_PROMPTS}`, alone);
  const fit = fitLeastSquares(
    counted.map(({ uncached, cached, ttftMs }) => ({
      y: ttftMs,
      x: hasCache ? [1, uncached, cached] : [1, uncached],
    })),
  );
  const [base, token, cachedToken] = fit ?? [];
  if (base === undefined || token === undefined)
    return nothing(`prompts differ too little; ${VARY_PROMPTS}`, alone);
  const ttftMs = ({ inputTokens, cachedTokens }: Stream): number =>
    base.value + token.value * ((inputTokens ?? 0) - cachedTokens) + (cachedToken?.value ?? 0) * cachedTokens;
  return {
    tokensPerSec: rateOf(token, counted.length, advice),
    cachedSavesMsPer1k: savingOf(token, cachedToken ?? null, advice),
    alone: { ttftMs, spreadMs: spreadOf(low.map((stream) => stream.ttftMs - ttftMs(stream))) },
  };
}

function nothing(reason: string, alone: Prefill['alone']): Prefill {
  return { tokensPerSec: unknown(reason), cachedSavesMsPer1k: unknown(reason), alone };
}

function rateOf(token: Coefficient, count: number, { longer }: LimitAdvice): LimitFigure {
  const half = halfWidth(token);
  // Twice what chance does: growth that is hardly there tells no rate.
  if (token.value <= 2 * half)
    return unknown(`TTFT does not grow with the prompt's length: reading it takes no time that shows`);
  return toldWithin(
    { value: 1000 / token.value, low: 1000 / (token.value + half), high: 1000 / (token.value - half) },
    `${count} requests at low load are too few for it; ${longer}, or longer prompts`,
  );
}

function savingOf(token: Coefficient, cached: Coefficient | null, { longer }: LimitAdvice): LimitFigure {
  if (cached === null)
    return unknown(
      'no prompt was cached while others were not; set LLM_SHARED_PREFIX_TOKENS, or LLM_TURNS, to see a cache',
    );
  const value = 1000 * (token.value - cached.value);
  const half = 1000 * Math.hypot(halfWidth(token), halfWidth(cached));
  return toldWithin(
    { value, low: value - half, high: value + half },
    `what cached prompts save does not stand out from the noise of TTFT; ${longer}, or a longer prefix`,
  );
}

/** Streams that met so few others that TTFT does not show them; null where too few did. */
export function atLowLoad(streams: readonly Stream[]): readonly Stream[] | null {
  const byOthers = new Map<number, Stream[]>();
  for (const stream of streams)
    byOthers.set(stream.othersAtStart, [...(byOthers.get(stream.othersAtStart) ?? []), stream]);
  let low: readonly Stream[] = [];
  for (const [, more] of [...byOthers].toSorted(([a], [b]) => a - b)) {
    if (low.length >= ENOUGH || (low.length >= FEWEST && isSlower(more, low))) break;
    low = [...low, ...more];
  }
  if (low.length < FEWEST) return null;
  const half = low.length >> 1;
  return isSlower(low.slice(half), low.slice(0, half)) ? null : low;
}

/** Prompts of any length make medians differ; a queue makes them differ by more. */
const SLOWER_RATIO = 1.8;

function isSlower(streams: readonly Stream[], than: readonly Stream[]): boolean {
  const [one, other] = [streams, than].map((part) => medianOf(part.map(({ ttftMs }) => ttftMs)));
  return (one ?? 0) > SLOWER_RATIO * (other ?? 0);
}

/** Some have none, and some have; or, where all begin alike, some have by far more. */
function isMixed(cached: readonly number[]): boolean {
  const some = cached.filter((tokens) => tokens > 0).length;
  if (some >= FEWEST / 2 && cached.length - some >= FEWEST / 2) return true;
  const sorted = sortSamples(cached);
  const [few, many] = [quantile(sorted, 0.1) ?? 0, quantile(sorted, 0.9) ?? 0];
  return many >= VARIED_RATIO * Math.max(1, few);
}

export function medianOf(values: readonly number[]): number {
  return quantile(sortSamples(values), 0.5) ?? 0;
}

/** As a standard deviation, by the median of distances: outliers do not count. */
function spreadOf(residuals: readonly number[]): number {
  return 1.4826 * medianOf(residuals.map(Math.abs));
}
