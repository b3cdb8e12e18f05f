import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { RecordTimes } from '../results/read/read-samples.ts';

/** One attempt, as far as questions about a whole run need it. Times in ms from the beginning of the load. */
export type TimedRequest = {
  startMs: number;
  endMs: number;
  isOk: boolean;
  /** False in the warm-up. */
  isMeasured: boolean;
  /** A later retry stands for it. */
  isRetried: boolean;
  model: string;
  /** Part of a spike: `before`, `spike`, `after-00`; null in other loads. */
  window: string | null;
  latencyMs: number | null;
  ttftMs: number | null;
  tpotMs: number | null;
  inputTokens: number | null;
  cachedInputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
};

/** Of longer runs none are kept: half of the requests would tell of half of the load. */
export const MOST_REQUESTS = 250_000;

/** Keeps a run's requests as they are read; null once they are too many. */
export class TimedRequests {
  #kept: TimedRequest[] | null = [];

  get kept(): readonly TimedRequest[] | null {
    return this.#kept;
  }

  add(record: SampleRecord, { offsetMs, endsAtMs }: RecordTimes): void {
    if (this.#kept === null) return;
    if (this.#kept.length >= MOST_REQUESTS) {
      this.#kept = null;
      return;
    }
    this.#kept.push({
      startMs: offsetMs,
      endMs: endsAtMs,
      isOk: record.outcome === 'ok',
      isMeasured: record.phase === 'main',
      isRetried: record.pauseMs !== null,
      model: record.model,
      window: record.window,
      latencyMs: record.latencyMs,
      ttftMs: record.ttftMs,
      tpotMs: record.tpotMs,
      inputTokens: record.inputTokens,
      cachedInputTokens: record.cachedInputTokens,
      outputTokens: record.outputTokens,
      costUsd: record.costUsd,
    });
  }
}
