import type { RuledScore } from './score-stream.ts';
import type { ServerTokens, ToolRule } from './score.ts';

/**
 * One row of the table and of `answer.json`: a stream's figures, or the means of a run's requests. null: the tool has
 * no such figure, or it cannot be told.
 */
export type RuleRow = ToolRule & {
  outcome: 'ok' | 'failed' | 'unread';
  /** Why it is `failed` or `unread`; null when it is neither. */
  reason: string | null;
  ttftMs: number | null;
  tpotMs: number | null;
  latencyMs: number | null;
  outputTokens: number | null;
  withServerTokens: ServerTokens | null;
  /** Of a run alone. */
  run?: RunPart;
  /** The share of good requests by the tool's own count; of a run with an SLO alone. */
  goodput?: number | null;
  notes: readonly string[];
};

/** What a run's row holds beside its means: requests, how many of them have the figure, and percentiles. */
export type RunPart = { requests: number; succeeded: number; known: Times; p95: TimesOrUnknown };

type Times = { ttftMs: number; tpotMs: number; latencyMs: number };
type TimesOrUnknown = { [Name in keyof Times]: number | null };

/** The row of a single stream. */
export function rowOfStream({ outcome, ...score }: RuledScore): RuleRow {
  return { ...score, outcome: outcome.kind, reason: outcome.kind === 'ok' ? null : outcome.reason };
}
