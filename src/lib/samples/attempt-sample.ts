import type { WarningKind } from '../answer/answer-warnings.ts';
import type { Attempt } from '../answer/attempt.ts';
import type { RequestFigures } from '../figures/request-figures.ts';
import type { SampleRecord } from './sample-fields.ts';

/** What is known of one attempt when its line is written. */
export type SampledAttempt = {
  attempt: Attempt;
  figures: RequestFigures;
  /** Dollars, or why there are none. */
  charge: number | SampleRecord['uncharged'];
  /** Kinds of what looked wrong in the answer, or in its price. */
  warnings: readonly WarningKind[];
  issuedAtMs: number;
  /** 0 for a first attempt. */
  retry: number;
  firstIssuedMs: number;
  /** The wait before its repetition; null when there is none. */
  pauseMs: number | null;
  /** Whether it met every SLO; null where it was not judged. */
  good: boolean | null;
  /** False in the warm-up. */
  measured: boolean;
  stream: boolean;
  /** How late it started against its schedule; null without one. */
  lagMs: number | null;
  pair: number | null;
  testType: string;
  model: string;
  provider: string;
  /** The VU's tags: `turn`, `window` and `step` are taken from them. */
  tags: Readonly<Record<string, string | undefined>>;
};

/** The record of one attempt; `vus` were active when it ended. */
export function sampleOf(sampled: SampledAttempt, vus: number): SampleRecord {
  const { attempt, figures, tags, charge } = sampled;
  const { usage, outcome } = attempt;
  return {
    atMs: sampled.issuedAtMs,
    testType: sampled.testType,
    model: sampled.model,
    provider: sampled.provider,
    phase: sampled.measured ? 'main' : 'warmup',
    stream: sampled.stream,
    status: attempt.status,
    outcome: outcome.kind === 'ok' ? 'ok' : outcome.error,
    ttfbMs: attempt.ttfbMs,
    ttftMs: figures.ttftMs,
    ttfoMs: figures.ttfoMs,
    tpotMs: figures.tpotMs,
    stallMs: attempt.stallMs,
    latencyMs: figures.latencyMs,
    endMs: attempt.endMs,
    lagMs: sampled.pauseMs === null ? sampled.lagMs : null,
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    costUsd: typeof charge === 'number' ? charge : null,
    reportedCostUsd: attempt.reportedCostUsd,
    chunks: attempt.chunks,
    retry: sampled.retry,
    good: sampled.good,
    retryAfterMs: attempt.retryAfterMs,
    vus,
    pair: sampled.pair,
    turn: tags['turn'] ?? null,
    window: tags['window'] ?? null,
    step: tags['step'] ?? null,
    reported: attempt.reported,
    warnings: sampled.warnings,
    unknownFinish: sampled.warnings.includes('unknown_finish') ? identifier(attempt.finishReason) : null,
    uncharged: typeof charge === 'number' ? null : charge,
    pauseMs: sampled.pauseMs,
    sinceFirstMs: sampled.issuedAtMs - sampled.firstIssuedMs,
    connectMs: attempt.connectMs,
    hopMs: attempt.hopMs,
  };
}

/** A name as an identifier is written: what a server may have put in its place reaches no file. */
function identifier(name: string | null): string {
  return (name ?? '').replace(/[^\w.-]+/g, '_').slice(0, 40);
}
