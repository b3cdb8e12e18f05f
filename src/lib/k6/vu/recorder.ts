import { check } from '../engine/k6-api.ts';
import type { WarningKind } from '../../answer/answer-warnings.ts';
import type { Attempt, ErrorKind } from '../../answer/attempt.ts';
import type { ToolCall } from '../../answer/tool-calls.ts';
import type { ReportedTimes } from '../../answer/reported-times.ts';
import { answers } from '../parts.ts';
import type { FoundPrice } from './setup-data.ts';
import type { Answer } from './transports/transport.ts';
import { figuresOf, type RequestFigures } from '../../figures/request-figures.ts';
import { createUsdStepper } from '../../money/sum-usd.ts';
import type { SampledAttempt } from '../../samples/sample.ts';
import { meetsSlo } from '../../figures/slo.ts';
import { addRate, addSample, addTagged, countOne, recordSpent } from '../engine/add-sample.ts';
import type { Composed } from './composer.ts';
import type { Run } from './run.ts';

/** One attempt and what is known of it beside the answer. */
export type Recorded = {
  attempt: Attempt;
  composed: Composed;
  /** False in the warm-up: counted, not measured. */
  measured: boolean;
  figures: RequestFigures;
  /** Dollars, or why there are none. */
  charge: SampledAttempt['charge'];
  /** Kinds of what looked wrong in it, and in its price. */
  warnings: readonly WarningKind[];
  /** What it said, where that is wanted. */
  text: string | null;
  toolCalls: readonly ToolCall[];
};

/** What is checked, by whether an answer came and whether it held anything. */
const ALL_PASS = checks(true, true);
const NO_CONTENT = checks(true, false);
const NO_ANSWER = checks(false, false);

/** As values, which k6 takes too, though its types know functions only: calling those costs a third more. */
function checks(answered: boolean, hasContent: boolean): Parameters<typeof check<null>>[1] {
  const values: unknown = { answered, 'has content': hasContent };
  return values as Parameters<typeof check<null>>[1];
}

/** Counts an attempt that was just started. */
export function recordStart(): void {
  countOne('ai_requests_started');
}

/** Counts an attempt that ended, once, whatever its end was. Tags common to all samples are on the VU already. */
export function recordEnd(run: Run, answer: Answer, composed: Composed, measured: boolean): Recorded {
  // No patterns in what every request passes: k6's engine takes twice as long to read a field by one.
  const { attempt, text, toolCalls } = answer;
  const { outcome } = attempt;
  const ok = outcome.kind === 'ok';
  const figures = figuresOf(attempt, composed.kind.answers);
  countOne('ai_requests_finished');
  const found = run.pricing.find(composed.model, attempt.answeredModel);
  const charge = recordUsage(run, attempt, composed.model, found);
  // A call of a tool is no answer yet, so it need not be what the answer is to be.
  const { json } = composed;
  const isJudged = json !== null && ok && text !== null && toolCalls.length === 0;
  const invalid = isJudged ? answers().whyInvalid(text, json) : null;
  const requestKind = run.tagsKind ? composed.kind.name : null;
  const hasWarnings = attempt.warnings.length > 0 || attempt.rates.length > 0 || found.isOther;
  const warnings =
    hasWarnings || invalid !== null
      ? answers().recordWarnings(attempt, composed.model, { found, invalid, requestKind })
      : NO_WARNINGS;
  if (ok) countOne('ai_requests_succeeded');
  else if (outcome.kind === 'failed') recordFailure(outcome.error, requestKind);
  else countOne('ai_aborted');
  if (ok && composed.items !== null) addSample('ai_inputs', composed.items);
  if (attempt.rateLimitRemaining.length > 0) recordLimits(attempt);
  // Who left was neither served well nor badly.
  if (measured && outcome.kind !== 'aborted') {
    addRate('error_rate', !ok);
    if (ok) {
      check(null, ALL_PASS);
      recordFigures(attempt, figures);
    } else {
      check(null, attempt.status >= 200 && attempt.status < 300 ? NO_CONTENT : NO_ANSWER);
      addSample('ai_retry_after_ms', attempt.retryAfterMs);
    }
  }
  return { attempt, composed, measured, figures, charge, warnings, text, toolCalls };
}

/** @param requestKind the kind of request, where samples are to tell it. */
function recordFailure(kind: ErrorKind, requestKind: string | null): void {
  addTagged('ai_errors', 1, requestKind === null ? { kind } : { kind, request_kind: requestKind });
  if (kind === 'rate_limited') countOne('ai_rate_limited');
}

function recordLimits({ rateLimitRemaining }: Attempt): void {
  for (const { limit, remaining } of rateLimitRemaining) {
    addTagged('ai_ratelimit_remaining', remaining, { limit });
  }
}

/** Whether a request, its retries folded into one, was good: it ended well, and in time, the waits included. */
export function recordGoodput(run: Run, recorded: Recorded, waitedMs: number): boolean {
  const { figures } = recorded;
  const slo = recorded.composed.kind.answers === 'text' ? run.slo : run.latencySlo;
  const good =
    recorded.attempt.outcome.kind === 'ok' &&
    meetsSlo(slo, waitedMs === 0 ? figures : later(figures, waitedMs));
  if (recorded.measured) addRate('ai_goodput', good);
  return good;
}

/** How late a scheduled request started, and its latency as whoever meant to send it then would feel it. */
export function recordSchedule({ figures, measured }: Recorded, lagMs: number, waitedMs: number): void {
  if (!measured) return;
  addSample('ai_schedule_lag_ms', lagMs);
  addSample('ai_intended_latency_ms', plus(figures.latencyMs, lagMs + waitedMs));
}

/** Of a success. What is null has no sample, and is asked here: a call costs as much as the question is worth. */
function recordFigures(attempt: Attempt, figures: RequestFigures): void {
  addSample('ai_latency_ms', figures.latencyMs);
  addSample('ai_ttfb_ms', attempt.ttfbMs);
  if (figures.inputTokensPerSec !== null) addSample('ai_input_tokens_per_sec', figures.inputTokensPerSec);
  else addSample('token_throughput_per_sec', figures.tokensPerSec);
  if (attempt.connectMs !== null) addSample('ai_connect_ms', attempt.connectMs);
  if (attempt.hopMs !== null) addSample('ai_meter_overhead_ms', attempt.hopMs);
  if (attempt.reported !== null) recordReported(attempt.reported);
  if (attempt.chunks > 0) recordStream(attempt, figures);
}

/** What the server says of itself. Few servers do. */
function recordReported(reported: ReportedTimes): void {
  for (const [part, valueMs] of Object.entries(reported)) addTagged('ai_reported_ms', valueMs, { part });
}

function recordStream(attempt: Attempt, figures: RequestFigures): void {
  addSample('ai_ttft_ms', figures.ttftMs);
  addSample('ai_ttfo_ms', figures.ttfoMs);
  addSample('ai_tpot_ms', figures.tpotMs);
  if (attempt.bufferedByProxy) return;
  addSample('ai_stall_ms', attempt.stallMs);
  if (attempt.gapsMs === null) return;
  for (const gapMs of attempt.gapsMs) addSample('ai_icl_ms', gapMs);
}

/** Tokens and dollars wherever the server reports usage, failed answers included. */
function recordUsage(run: Run, attempt: Attempt, model: string, found: FoundPrice): SampledAttempt['charge'] {
  const { usage } = attempt;
  // A sample of 0 tells nothing and costs as much as any other; unknown has none.
  if (usage.inputTokens) addSample('ai_input_tokens', usage.inputTokens);
  if (usage.cachedInputTokens) addSample('ai_cached_tokens', usage.cachedInputTokens);
  if (usage.outputTokens) addSample('ai_output_tokens', usage.outputTokens);
  if (usage.reasoningTokens) addSample('ai_reasoning_tokens', usage.reasoningTokens);
  if (attempt.reportedCostUsd !== null) addSample('ai_reported_cost_dollars', attempt.reportedCostUsd);
  const costUsd = run.pricing.usdOf(attempt, found);
  if (typeof costUsd === 'number') {
    addDollars(model, costUsd, run.settings.budgetUsd !== null);
    return costUsd;
  }
  if (costUsd === 'unpriced') {
    countOne('ai_unpriced');
    return 'unpriced';
  }
  if (!isBilled(attempt)) return null;
  countOne('ai_usage_missing');
  return 'usage_missing';
}

/** The provider asks money for it: it ended well, or broke off when it had begun, or its user left. */
function isBilled({ outcome }: Attempt): boolean {
  return outcome.kind !== 'failed' || outcome.partialOutput || outcome.error === 'truncated';
}

const NO_WARNINGS: readonly WarningKind[] = [];

/** One for each model, as each has a Counter's sum of its own: k6 adds without care, and these steps need none. */
const steppers = new Map<string, (amountUsd: number) => number>();

function addDollars(model: string, costUsd: number, hasBudget: boolean): void {
  let step = steppers.get(model);
  if (step === undefined) {
    step = createUsdStepper();
    steppers.set(model, step);
  }
  const steppedUsd = step(costUsd);
  addSample('ai_cost_dollars', steppedUsd);
  if (hasBudget) recordSpent(steppedUsd);
}

function later(figures: RequestFigures, waitedMs: number): RequestFigures {
  return {
    ...figures,
    latencyMs: plus(figures.latencyMs, waitedMs),
    ttftMs: plus(figures.ttftMs, waitedMs),
    ttfoMs: plus(figures.ttfoMs, waitedMs),
  };
}

function plus(valueMs: number | null, waitedMs: number): number | null {
  return valueMs === null ? null : valueMs + waitedMs;
}
