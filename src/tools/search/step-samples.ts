import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import type { Point } from '../results/figures/figures.ts';
import { latencyGrowth, type TimedLatency } from './latency-growth.ts';
import type { ServiceTerm } from './service-level.ts';
import type { LatencyGrowth, TermSamples } from './step-record.ts';

type TimedValue = { value: number; atMs: number };

const BLOCKS = 30;
/** Fewer bad requests than this end no step early. */
const MIN_BAD = 20;
/** A share this large is over any limit that a percentile above the median sets. */
const PLAIN_RATIO = 0.5;

/** What a step's requests said of the service level so far, as they come in. */
export class StepSamples {
  readonly #terms: readonly ServiceTerm[];
  readonly #values: readonly TimedValue[][];
  readonly #bad: number[];
  readonly #latencies: TimedLatency[] = [];

  constructor(terms: readonly ServiceTerm[]) {
    this.#terms = terms;
    this.#values = terms.map(() => []);
    this.#bad = terms.map(() => 0);
  }

  add({ name, value, offsetMs, place }: Point): void {
    if (name === 'ai_latency_ms') this.#latencies.push({ startMs: offsetMs - value, latencyMs: value });
    for (const [at, { measure, judge }] of this.#terms.entries()) {
      const { source, part } = measure;
      if (source.kind === 'ratio' || source.metric !== name) continue;
      if (part !== null && place[part.part] !== part.value) continue;
      this.#values[at]?.push({ value, atMs: offsetMs });
      if (judge.kind === 'share' && judge.isBad(value)) this.#bad[at] = (this.#bad[at] ?? 0) + 1;
    }
  }

  /**
   * Whether no rest of the step could still keep the service level.
   *
   * @param planned requests of the whole step; null where nobody knows: then half of many must be bad.
   */
  isLost(planned: number | null): boolean {
    return this.#terms.some(({ judge }, at) => {
      if (judge.kind !== 'share') return false;
      const [bad, seen] = [this.#bad[at] ?? 0, this.#values[at]?.length ?? 0];
      if (bad < MIN_BAD) return false;
      if (planned !== null) return bad > 2 * judge.allowedRatio * planned;
      return bad >= 2 * MIN_BAD && bad / seen >= Math.max(PLAIN_RATIO, 2 * judge.allowedRatio);
    });
  }

  terms(fromMs: number, toMs: number): TermSamples[] {
    return this.#terms.map((term, at) => samplesOf(term, this.#values[at] ?? [], { fromMs, toMs }));
  }

  growth(fromMs: number, toMs: number): LatencyGrowth | null {
    return latencyGrowth(this.#latencies, { fromMs, toMs });
  }
}

function samplesOf(
  { text, judge, measure: { source } }: ServiceTerm,
  values: readonly TimedValue[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): TermSamples {
  const sums: number[] = Array.from({ length: BLOCKS }, () => 0);
  const counts: number[] = Array.from({ length: BLOCKS }, () => 0);
  for (const { value, atMs } of values) {
    const share = (atMs - fromMs) / Math.max(1, toMs - fromMs);
    const block = Math.max(0, Math.min(BLOCKS - 1, Math.floor(share * BLOCKS)));
    sums[block] = (sums[block] ?? 0) + (judge.kind === 'mean' ? value : judge.isBad(value) ? 1 : 0);
    counts[block] = (counts[block] ?? 0) + 1;
  }
  const total = values.reduce((sum, { value }) => sum + value, 0);
  const value =
    values.length === 0
      ? null
      : source.kind === 'quantile'
        ? quantile(sortSamples(values.map((each) => each.value)), source.q)
        : total / values.length;
  return { text, value, sums, counts };
}
