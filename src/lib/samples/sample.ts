import type { WarningKind } from '../answer/answer-warnings.ts';
import type { Attempt } from '../answer/attempt.ts';
import { REPORTED_PARTS, type ReportedTimes } from '../answer/reported-times.ts';
import type { RequestFigures } from '../figures/request-figures.ts';
import { SAMPLE_TYPE, type SampleRecord } from './sample-fields.ts';

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
  /** Of request. */
  kind: string;
  /** Items that came; null for text, and where none came. */
  inputs: number | null;
  /** How late it started against its schedule; null without one. */
  lagMs: number | null;
  /** How the session ended with it; null: it did not, or there is none. */
  ended: SessionEnding | null;
  pair: number | null;
  testType: string;
  model: string;
  provider: string;
  /** The VU's tags: `turn`, `window` and `step` are taken from them. */
  tags: Readonly<Record<string, string | undefined>>;
};

/** How a session ended, and from its first request to its last answer, ms; null: it was broken off. */
export type SessionEnding = { end: 'complete' | 'broken'; tookMs: number | null };

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
    outcome: outcome.kind === 'failed' ? outcome.error : outcome.kind,
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
    sessionEnd: sampled.ended?.end ?? null,
    sessionMs: sampled.ended?.tookMs ?? null,
    kind: sampled.kind,
    inputs: sampled.inputs,
  };
}

/** A name as an identifier is written: what a server may have put in its place reaches no file. */
function identifier(name: string | null): string {
  return (name ?? '').replace(/[^\w.-]+/g, '_').slice(0, 40);
}

/**
 * The line of one request, without a line end. Called once a request inside k6, so it builds one array, field by field
 * (a loop over the table takes two to three times as long there), and leaves the rest to the engine's own JSON writer. Times are rounded to the microsecond.
 */
export function encodeSample(record: SampleRecord): string {
  return JSON.stringify([
    SAMPLE_TYPE,
    micro(record.atMs),
    record.testType,
    record.model,
    record.provider,
    record.phase === 'warmup' ? 1 : 0,
    record.stream ? 1 : 0,
    record.status,
    record.outcome,
    micro(record.ttfbMs),
    micro(record.ttftMs),
    micro(record.ttfoMs),
    micro(record.tpotMs),
    micro(record.stallMs),
    micro(record.latencyMs),
    micro(record.endMs),
    micro(record.lagMs),
    record.inputTokens,
    record.cachedInputTokens,
    record.outputTokens,
    record.reasoningTokens,
    record.costUsd,
    record.reportedCostUsd,
    record.chunks,
    record.retry,
    record.good === null ? null : record.good ? 1 : 0,
    record.retryAfterMs,
    record.vus,
    record.pair,
    record.turn,
    record.window,
    record.step,
    record.reported === null ? null : reportedCells(record.reported),
    record.warnings.length === 0 ? 0 : record.warnings,
    record.unknownFinish,
    record.uncharged,
    micro(record.pauseMs),
    micro(record.sinceFirstMs),
    micro(record.connectMs),
    micro(record.hopMs),
    record.sessionEnd,
    micro(record.sessionMs),
    record.kind,
    record.inputs,
  ]);
}

function reportedCells(reported: ReportedTimes): (number | null)[] {
  return REPORTED_PARTS.map((part) => micro(reported[part] ?? null));
}

/** A time rounded to the microsecond; what is not finite becomes null, as JSON would make it. */
function micro(valueMs: number | null): number | null {
  return valueMs === null ? null : Math.round(valueMs * 1000) / 1000;
}
