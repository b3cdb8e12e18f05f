import { check } from 'k6';
import type { Attempt } from '../attempt.ts';
import type { Figures } from '../figures.ts';
import { figuresOf } from '../figures.ts';
import { createUsdStepper } from '../money.ts';
import { meetsSlo } from '../slo.ts';
import { addRate, addSample, countOne, recordSpent } from './metrics.ts';
import type { Run } from './run.ts';

/** One attempt and what is known of it beside the answer. */
export type Recorded = {
  attempt: Attempt;
  /** The model's name in the mix. */
  model: string;
  /** False in the warm-up: counted, not measured. */
  measured: boolean;
  figures: Figures;
  costUsd: number | null;
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
export function recordEnd(
  run: Run,
  { attempt, model, measured }: Pick<Recorded, 'attempt' | 'model' | 'measured'>,
): Recorded {
  const figures = figuresOf(attempt);
  countOne('ai_requests_finished');
  const costUsd = recordUsage(run, attempt, model);
  const { outcome } = attempt;
  const ok = outcome.kind === 'ok';
  if (ok) {
    countOne('ai_requests_succeeded');
  } else {
    addSample('ai_errors', 1, { kind: outcome.error });
    if (outcome.error === 'rate_limited') countOne('ai_rate_limited');
  }
  if (attempt.rateLimitRemaining.length > 0) {
    for (const { limit, remaining } of attempt.rateLimitRemaining) {
      addSample('ai_ratelimit_remaining', remaining, { limit });
    }
  }
  if (measured) {
    addRate('error_rate', !ok);
    const isAnswer = ok || (attempt.status >= 200 && attempt.status < 300);
    check(null, ok ? ALL_PASS : isAnswer ? NO_CONTENT : NO_ANSWER);
    if (ok) recordFigures(attempt, figures);
    else if (attempt.retryAfterMs !== null) addSample('ai_retry_after_ms', attempt.retryAfterMs);
  }
  return { attempt, model, measured, figures, costUsd };
}

/** Whether a request, its retries folded into one, was good: it ended well, and in time, the waits included. */
export function recordGoodput(run: Run, { attempt, figures, measured }: Recorded, waitedMs: number): boolean {
  const good =
    attempt.outcome.kind === 'ok' && meetsSlo(run.slo, waitedMs === 0 ? figures : later(figures, waitedMs));
  if (measured) addRate('ai_goodput', good);
  return good;
}

/** How late a scheduled request started, and its latency as whoever meant to send it then would feel it. */
export function recordSchedule({ figures, measured }: Recorded, lagMs: number, waitedMs: number): void {
  if (!measured) return;
  addSample('ai_schedule_lag_ms', lagMs);
  addSample('ai_intended_latency_ms', plus(figures.latencyMs, lagMs + waitedMs));
}

/** Of a success. What is null has no sample, and is asked here: a call costs as much as the question is worth. */
function recordFigures(attempt: Attempt, figures: Figures): void {
  addSample('ai_latency_ms', figures.latencyMs);
  addSample('ai_ttfb_ms', attempt.ttfbMs);
  addSample('token_throughput_per_sec', figures.tokensPerSec);
  if (attempt.connectMs !== null) addSample('ai_connect_ms', attempt.connectMs);
  if (attempt.hopMs !== null) addSample('ai_meter_overhead_ms', attempt.hopMs);
  if (attempt.chunks > 0) recordStream(attempt, figures);
}

function recordStream(attempt: Attempt, figures: Figures): void {
  addSample('ai_ttft_ms', figures.ttftMs);
  addSample('ai_ttfo_ms', figures.ttfoMs);
  addSample('ai_tpot_ms', figures.tpotMs);
  if (attempt.bufferedByProxy) return;
  addSample('ai_stall_ms', attempt.stallMs);
  if (attempt.gapsMs === null) return;
  for (const gapMs of attempt.gapsMs) addSample('ai_icl_ms', gapMs);
}

/** Tokens and dollars wherever the server reports usage, failed answers included. */
function recordUsage(
  run: Run,
  { usage, outcome, answeredModel, reportedCostUsd }: Attempt,
  model: string,
): number | null {
  addTokens('ai_input_tokens', usage.inputTokens);
  addTokens('ai_cached_tokens', usage.cachedInputTokens);
  addTokens('ai_output_tokens', usage.outputTokens);
  addTokens('ai_reasoning_tokens', usage.reasoningTokens);
  if (reportedCostUsd !== null) addSample('ai_reported_cost_dollars', reportedCostUsd);
  const cost = run.pricing.costUsd({ usage, model, answeredModel });
  switch (cost.kind) {
    case 'priced':
      addDollars(model, cost.costUsd, run.settings.budgetUsd !== null);
      return cost.costUsd;
    case 'unpriced':
      if (outcome.kind === 'ok') countOne('ai_unpriced');
      return null;
    case 'usage-missing':
      if (outcome.kind === 'ok') countOne('ai_usage_missing');
      return null;
  }
}

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

/** A sample of 0 tells nothing and costs as much as any other. */
function addTokens(
  name: 'ai_input_tokens' | 'ai_cached_tokens' | 'ai_output_tokens' | 'ai_reasoning_tokens',
  tokens: number | null,
): void {
  if (tokens !== 0 && tokens !== null) addSample(name, tokens);
}

function later(figures: Figures, waitedMs: number): Figures {
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
