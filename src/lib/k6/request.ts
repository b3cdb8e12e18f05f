import { sleep } from 'k6';
import exec from 'k6/execution';
import type { Usage } from '../attempt.ts';
import { createUnitStream } from '../random.ts';
import { retryWaitMs } from '../retry-wait.ts';
import type { Ask, Client } from './client.ts';
import { addSample } from './metrics.ts';
import { recordEnd, recordGoodput, recordSchedule, recordStart, type Recorded } from './recorder.ts';
import { answers, sampleLog } from './lazy.ts';
import { LOGS_SAMPLES } from './logs-samples.ts';
import type { Vu } from './vu.ts';

/** What a request is called in its sample, beside what the answer tells. */
export type RequestContext = {
  iteration: number;
  measured: boolean;
  /** How late it started against its schedule; null without one. */
  lagMs: number | null;
  pair: number | null;
};

export type Finished = Recorded & { text: string | null };

/**
 * Sends one request, retries it as `LLM_RETRIES` allows, and counts every attempt. Waits between attempts are in
 * no latency; they are in `ai_throttled_ms` and in what goodput judges.
 */
export function request(vu: Vu, client: Client, ask: Ask, context: RequestContext): Finished {
  const { run } = vu;
  const firstIssuedMs = vu.clock();
  setTags(vu, ask.model, client.provider);
  for (let retry = 0; ; retry++) {
    const issuedAtMs = retry === 0 ? firstIssuedMs : vu.clock();
    recordStart();
    const answer = client.send(ask);
    const tagsCache = exercisesCache(vu);
    if (tagsCache) tagCache(vu, answer.attempt.usage);
    const recorded = recordEnd(run, {
      attempt: answer.attempt,
      model: ask.model,
      measured: context.measured,
    });
    const { outcome } = answer.attempt;
    if (outcome.kind !== 'ok') answers().logFailure(ask.model, outcome);
    const waitMs = waitBeforeRetry(vu, recorded, retry, context.iteration);
    if (tagsCache) delete vu.tags['cache'];
    if (waitMs === null && context.lagMs !== null) {
      recordSchedule(recorded, context.lagMs, issuedAtMs - firstIssuedMs);
    }
    const good = waitMs === null ? recordGoodput(run, recorded, issuedAtMs - firstIssuedMs) : null;
    if (LOGS_SAMPLES) sampleLog().logSample(vu, { recorded, context, client, issuedAtMs, retry, good });
    stopIfHopeless(vu, recorded, answer.overBudget === true);
    if (waitMs === null) return finished(recorded, answer.text);
    addSample('ai_throttled_ms', waitMs);
    sleep(waitMs / 1000);
    addSample('ai_retries', 1);
  }
}

/** Field by field: to spread an object takes k6's engine three times as long. */
function finished({ attempt, model, measured, figures, costUsd }: Recorded, text: string | null): Finished {
  return { attempt, model, measured, figures, costUsd, text };
}

/** Refusals in a row that no later request of this VU will escape. */
const HOPELESS_IN_A_ROW = 10;

/** Ends the run when going on would only make more of the same: no budget left, or a key or a quota refused again and again. */
function stopIfHopeless(vu: Vu, { attempt, model }: Recorded, overBudget: boolean): void {
  if (overBudget)
    exec.test.abort('LLM_BUDGET_USD: the next request might have passed the budget, so it was not sent');
  const { outcome } = attempt;
  const isRefusal = outcome.kind === 'failed' && (outcome.error === 'auth' || outcome.error === 'quota');
  vu.refusalsInARow = isRefusal ? vu.refusalsInARow + 1 : 0;
  if (vu.refusalsInARow < HOPELESS_IN_A_ROW || outcome.kind === 'ok') return;
  exec.test.abort(
    `${HOPELESS_IN_A_ROW} requests in a row were refused for ${outcome.error} (${model}: ${outcome.message})`,
  );
}

/** The pause before the next attempt; null when there is none: it ended well, or may not or must not be repeated. */
function waitBeforeRetry(vu: Vu, { attempt }: Recorded, retry: number, iteration: number): number | null {
  const { outcome } = attempt;
  if (outcome.kind === 'ok' || !outcome.retryable || retry >= vu.run.settings.retries) return null;
  const jitter = createUnitStream(vu.run.settings.seed, `retry ${retry}`)(iteration);
  return retryWaitMs({ askedMs: attempt.retryAfterMs, retry, jitter });
}

/** Loads that are meant to exercise the provider's prompt cache: their requests carry `cache`. */
function exercisesCache(vu: Vu): boolean {
  const { sharedPrefixTokens, turns } = vu.run.settings;
  return sharedPrefixTokens > 0 || turns > 1;
}

/** `cache`: whether the prompt was in the provider's cache. */
function tagCache(vu: Vu, { cachedInputTokens }: Usage): void {
  if (cachedInputTokens !== null) vu.tags['cache'] = cachedInputTokens > 0 ? 'hit' : 'miss';
}

/** Tags of all samples until they are set again: half a microsecond here, many times that on each sample. */
function setTags(vu: Vu, model: string, provider: string): void {
  vu.tags['model'] = model;
  vu.tags['provider'] = provider;
}
