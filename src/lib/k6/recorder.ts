import { check } from 'k6';
import type { Attempt } from '../attempt.ts';
import type { Figures } from '../figures.ts';
import { figuresOf } from '../figures.ts';
import { createUsdStepper } from '../money.ts';
import { meetsSlo } from '../slo.ts';
import { addRate, addSample, recordSpent } from './metrics.ts';
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

const CHECKS = {
  answered: (attempt: Attempt) => attempt.status >= 200 && attempt.status < 300,
  'has content': (attempt: Attempt) => attempt.outcome.kind === 'ok',
};

/** Counts an attempt that was just started. */
export function recordStart(): void {
  addSample('ai_requests_started', 1);
}

/** Counts an attempt that ended, once, whatever its end was. Tags common to all samples are on the VU already. */
export function recordEnd(
  run: Run,
  { attempt, model, measured }: Pick<Recorded, 'attempt' | 'model' | 'measured'>,
): Recorded {
  const figures = figuresOf(attempt);
  addSample('ai_requests_finished', 1);
  const costUsd = recordUsage(run, attempt, model);
  const ok = attempt.outcome.kind === 'ok';
  if (attempt.outcome.kind === 'ok') {
    addSample('ai_requests_succeeded', 1);
  } else {
    addSample('ai_errors', 1, { kind: attempt.outcome.error });
    if (attempt.outcome.error === 'rate_limited') addSample('ai_rate_limited', 1);
  }
  for (const { limit, remaining } of attempt.rateLimitRemaining) {
    addSample('ai_ratelimit_remaining', remaining, { limit });
  }
  if (measured) {
    addRate('error_rate', !ok);
    check(attempt, CHECKS);
    recordFigures(attempt, figures);
  }
  return { attempt, model, measured, figures, costUsd };
}

/** Whether a request, its retries folded into one, was good: it ended well, and in time, the waits included. */
export function recordGoodput(run: Run, { attempt, figures, measured }: Recorded, waitedMs: number): boolean {
  const good =
    attempt.outcome.kind === 'ok' &&
    meetsSlo(run.slo, {
      latencyMs: plus(figures.latencyMs, waitedMs),
      ttftMs: plus(figures.ttftMs, waitedMs),
      ttfoMs: plus(figures.ttfoMs, waitedMs),
      tpotMs: figures.tpotMs,
    });
  if (measured) addRate('ai_goodput', good);
  return good;
}

/** How late a scheduled request started, and its latency as whoever meant to send it then would feel it. */
export function recordSchedule(
  { figures, measured }: Recorded,
  lagMs: number | null,
  waitedMs: number,
): void {
  if (lagMs === null || !measured) return;
  addSample('ai_schedule_lag_ms', lagMs);
  addSample('ai_intended_latency_ms', plus(figures.latencyMs, lagMs + waitedMs));
}

function recordFigures(attempt: Attempt, figures: Figures): void {
  addSample('ai_retry_after_ms', attempt.retryAfterMs);
  if (attempt.outcome.kind !== 'ok') return;
  addSample('ai_latency_ms', figures.latencyMs);
  addSample('ai_ttft_ms', figures.ttftMs);
  addSample('ai_ttfo_ms', figures.ttfoMs);
  addSample('ai_ttfb_ms', attempt.ttfbMs);
  addSample('ai_tpot_ms', figures.tpotMs);
  addSample('token_throughput_per_sec', figures.tokensPerSec);
  addSample('ai_connect_ms', attempt.connectMs);
  addSample('ai_meter_overhead_ms', attempt.hopMs);
  if (attempt.bufferedByProxy) return;
  addSample('ai_stall_ms', attempt.stallMs);
  for (const gapMs of attempt.gapsMs ?? []) addSample('ai_icl_ms', gapMs);
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
  addSample('ai_reported_cost_dollars', reportedCostUsd);
  const cost = run.pricing.costUsd({ usage, model, answeredModel });
  switch (cost.kind) {
    case 'priced':
      addDollars(model, cost.costUsd, run.settings.budgetUsd !== null);
      return cost.costUsd;
    case 'unpriced':
      if (outcome.kind === 'ok') addSample('ai_unpriced', 1);
      return null;
    case 'usage-missing':
      if (outcome.kind === 'ok') addSample('ai_usage_missing', 1);
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
  if (tokens !== 0) addSample(name, tokens);
}

function plus(valueMs: number | null, waitedMs: number): number | null {
  return valueMs === null ? null : valueMs + waitedMs;
}
