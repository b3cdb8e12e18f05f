import type { WarningKind } from '../answer/answer-warnings.ts';
import type { ErrorKind } from '../answer/attempt.ts';

/**
 * `summary.json`, version 1. Described for others by `docs/summary.schema.json`. No field is ever left out:
 * what is unknown is null. Durations in ms, money in US dollars, ratios from 0 to 1.
 */
export type Summary = {
  schemaVersion: 1;
  scenario: string;
  /** Base URL without credentials or query. */
  target: string;
  provider: string;
  seed: number | null;
  /** ISO 8601, when the load began; null if setup did not end. */
  startedAt: string | null;
  /** Of load: without setup. */
  durationMs: number | null;
  transport: string;
  stream: boolean;
  /** Why the run ended itself, or never began; null when it did neither. */
  stopped: string | null;
  /** Somebody ended it before its plan did: then nothing is judged. null when nobody did, or nobody knows. */
  interrupted: Interruption | null;
  slo: Verdict;
  trust: Trust;
  totals: Totals;
  models: Readonly<Record<string, Block>>;
  testTypes: Readonly<Record<string, Block>>;
  providers: Readonly<Record<string, Block>>;
  /** Kinds of requests: `chat`, `embeddings`. */
  kinds: Readonly<Record<string, Block>>;
  recovery: Recovery | null;
  steps: readonly Step[] | null;
  /** By place in the conversation; null where every request stood by itself. */
  turns: readonly TurnFigures[] | null;
  /** null where none were sent. */
  sessions: SessionsSummary | null;
  load: LoadFigures;
  forecast: ForecastFigures | null;
  thresholds: readonly ThresholdResult[];
  /** What the run answers in words, from its single requests: empty in k6's own summary, which has none. */
  findings: readonly RunFinding[];
  /** What a reader must know: what the transport could not see, what was adapted, what is an upper bound. */
  notes: readonly string[];
  /** Every `LLM_*` as resolved; no key, no URL credentials. */
  settings: Readonly<Record<string, string>>;
  /** k6's own values, by metric or submetric: `metrics["ai_ttft_ms"]["p(95)"]`. */
  metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  histograms: Histograms | null;
};

/** A question that a run answers: one sentence, and figures to check it by, each with its interval or its reason. */
export type RunFinding = {
  question: string;
  sentence: string;
  rows: readonly { name: string; value: string; note: string }[];
};

/** Of load, ms; null where it had not begun, and where its plan counts no time. */
export type Interruption = { afterMs: number | null; plannedMs: number | null };

export type Verdict = {
  state: 'pass' | 'fail' | 'not-judged';
  /** Thresholds that were not met, `ai_latency_ms: p(95)<5000`. */
  breached: readonly string[];
  /** The SLO terms that goodput was judged by, `latency:8000`. */
  judged: readonly string[];
};

export type Trust = {
  state: 'valid' | 'underdelivered' | 'client-bound' | 'too-short' | 'nothing-measured';
  /** The evidence, one sentence each; empty when valid. */
  reasons: readonly string[];
};

/**
 * What was sent outside the measured part. Preflight is in none of the totals; the warm-up is inside them,
 * and in none of the statistics.
 */
export type SideCount = {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
};

export type Totals = {
  requestsStarted: number;
  requestsFinished: number;
  succeeded: number;
  failed: number;
  errors: Readonly<Partial<Record<ErrorKind, number>>>;
  retries: number;
  rateLimited: number;
  /** null where k6 cannot tell (a single model's block). */
  droppedIterations: number | null;
  /** Started and never finished: cut by the end of the run, yet billed by the provider. null where only finished ones are told. */
  cutShort: number | null;
  /** Texts embedded and documents ranked; 0 for requests that are answered with text. */
  inputs: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  /** null if nothing has a price. */
  costUsd: number | null;
  unpriced: number;
  reportedCostUsd: number | null;
  costUsdPer1kRequests: number | null;
  costUsdPerGoodRequest: number | null;
  costUsdPerMillionOutputTokens: number | null;
  /** Billed answers that did not tell their tokens, broken-off ones included. */
  usageMissing: number;
  /** Answers that ended for a reason that is not known. */
  unknownFinish: number;
  /** Given up by their users (`LLM_ABORT`): finished, and neither succeeded nor failed. */
  aborted: number;
  /** Answers that are not the JSON that was asked for. */
  invalidOutput: number;
  /** Answers that were read although something looked wrong in them, by kind; null in the block of a single model. */
  warnings: Readonly<Partial<Record<WarningKind, number>>> | null;
  /** null where samples alone are told. */
  samplesRejected: number | null;
  goodputRatio: number | null;
  errorRatio: number | null;
  throttledMs: number;
  requestsPerSec: number | null;
  succeededPerSec: number | null;
  outputTokensPerSec: number | null;
  /** null where k6's JSON alone tells of the run. */
  preflight: SideCount | null;
  warmup: SideCount;
};

/** The same totals and the distributions, for one model, test type or provider. */
export type Block = Totals & {
  latencyMs: Stats;
  ttftMs: Stats;
  ttfoMs: Stats;
  tpotMs: Stats;
  tokensPerSec: Stats;
  /** Of requests that are answered with no text. */
  inputTokensPerSec: Stats;
};

/** A distribution; null where there was no sample. `count` is 0 then, and null where k6 was told to leave it out. */
export type Stats = {
  count: number | null;
  mean: number | null;
  min: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
};

/**
 * Time from the end of the spike until two windows in a row are back within 10 % of before, and what is known of it:
 * that it came back, was not seen to, had never left, or that too few requests tell.
 */
export type Recovery = {
  ttftMs: number | null;
  latencyMs: number | null;
  ttft: RecoveryState;
  latency: RecoveryState;
};

export type RecoveryState = 'back' | 'not-seen' | 'never-left' | 'too-few';

/** One step of `breakpoint`: the capacity curve. */
export type Step = {
  /** The value of its tag, `step`. */
  name: string;
  /** Of the load, as planned. */
  startMs: number;
  durationMs: number;
  ratePerSec: number;
  /** `part`: the run ended within it; `none`: no request of it was started. */
  reached: 'whole' | 'part' | 'none';
  achievedPerSec: number | null;
  latencyMs: Stats;
  ttftMs: Stats;
  errorRatio: number | null;
  goodputRatio: number | null;
  /** It was offered to its end and held, or it broke; null: that cannot be told. */
  ok: boolean | null;
};

/** The requests that were the n-th of their conversations. */
export type TurnFigures = {
  /** `1`, `2`, …, `11-20`, `101+`. */
  turn: string;
  requests: number;
  succeeded: number;
  errorRatio: number | null;
  latencyMs: Stats;
  ttftMs: Stats;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  /** Of the input tokens, 0 to 1; null without any. */
  cachedRatio: number | null;
};

/** Sessions of an agent, as they ended. */
export type SessionsSummary = {
  complete: number;
  /** A turn failed, or was answered with nothing to go on from. */
  broken: number;
  /** From the first request to the last answer, pauses included; complete ones. */
  durationMs: Stats;
};

export type LoadFigures = {
  /** Of what k6 really ran: its own flags may put another load in place of the scenario's. */
  model: 'open' | 'closed' | 'iterations';
  /** Peak of an open load; null for the others. */
  peakRatePerSec: number | null;
  /** Requests that the open load meant to start; null for the others. */
  offered: number | null;
  /** Iterations that loads of a fixed number were to begin; null where there is none. */
  iterations: number | null;
  /**
   * Of what an open load meant to start by five seconds before its last look, the share that was started, 0 to 1; the least of
   * its parts. null for other loads, and where nobody looked.
   */
  deliveredRatio: number | null;
  vusAllocated: number | null;
  /** The part of all this that this k6 was to make, `0:1/2`; null: all of it. */
  segment: string | null;
  /** VUs that the latency seen would have needed (Little's law); null without successes. */
  vusNeeded: number | null;
};

export type ForecastFigures = {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
};

/** `ok` is null where no sample came, so nothing was judged. */
export type ThresholdResult = { metric: string; expression: string; ok: boolean | null };

/**
 * Compact histograms by metric, then by series (`all`, `model:NAME`, `slice:MS`), written by `k6-llm`.
 * `encoded` is what the histogram library of `src/tools/report` reads back.
 */
export type Histograms = {
  encoding: string;
  /** Largest relative error of a value read from one. */
  maxRelativeError: number;
  sliceMs: number;
  metrics: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
