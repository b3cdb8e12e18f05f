import { sleep } from '../engine/k6-api.ts';
import exec from 'k6/execution';
import type { Usage } from '../../answer/attempt.ts';
import { createUnitStream } from '../../numbers/random.ts';
import { retryWaitMs } from '../../request/retry-wait.ts';
import type { Client } from './client.ts';
import type { Composed } from './composer.ts';
import type { SessionEnding } from '../../samples/sample.ts';
import { addSample, addTagged, countOne, recordStop, takeBackOne } from '../engine/add-sample.ts';
import { recordEnd, recordGoodput, recordSchedule, recordStart, type Recorded } from './recorder.ts';
import { answers, sampleLog } from '../parts.ts';
import { LOGS_SAMPLES } from '../engine/setting-text.ts';
import type { Answer } from './transports/transport.ts';
import type { Vu } from './vu.ts';

/** What a request is called in its sample, beside what the answer tells. */
export type RequestContext = {
  measured: boolean;
  /** How late it started against its schedule; null without one. */
  lagMs: number | null;
  /** Of the session that it belongs to; null: to none. */
  session: SessionPlace | null;
};

/** Where in a session a request stands. */
export type SessionPlace = {
  /** The session, on the VU's clock. */
  beganAtMs: number;
  isLast: boolean;
  /** An answer without text ends it: there is nothing to go on from. */
  endsWithoutText: boolean;
};

/**
 * Sends one request, retries it as `LLM_RETRIES` allows, and counts every attempt. Waits between attempts are in
 * no latency; they are in `ai_throttled_ms` and in what goodput judges.
 */
export function request(vu: Vu, client: Client, composed: Composed, context: RequestContext): Recorded {
  const { run, tags } = vu;
  const { session, lagMs } = context;
  // Tags of all samples until they are set again: half a microsecond here, many times that on each sample.
  tags['model'] = composed.model;
  tags['provider'] = client.provider;
  if (run.tagsKind) tags['kind'] = composed.kind.name;
  // Nobody asks when a request was issued that is neither logged nor repeated: to read the clock takes 3 µs.
  const firstIssuedMs = LOGS_SAMPLES || run.settings.retries > 0 ? vu.clock() : 0;
  let issuedAtMs = firstIssuedMs;
  for (let retry = 0; ; retry++) {
    recordStart();
    const answer = client.send(composed);
    if (answer.overBudget === true) endOnBudget();
    if (vu.exercisesCache) tagCache(vu, answer.attempt.usage);
    const recorded = recordEnd(run, answer, composed, context.measured);
    const { kind } = answer.attempt.outcome;
    const waitMs = kind === 'ok' ? null : waitBeforeRetry(vu, recorded, retry);
    if (vu.exercisesCache) delete tags['cache'];
    let good: boolean | null = null;
    const ended = waitMs === null && session !== null ? recordSessionEnd(vu, recorded, session) : null;
    if (waitMs === null) {
      const waitedMs = issuedAtMs - firstIssuedMs;
      if (lagMs !== null) recordSchedule(recorded, lagMs, waitedMs);
      if (kind !== 'aborted') good = recordGoodput(run, recorded, waitedMs);
    }
    if (LOGS_SAMPLES)
      sampleLog().logSample({
        ...recorded,
        ...context,
        kind: composed.kind.name,
        model: composed.model,
        inputs: kind === 'ok' ? composed.items : null,
        pair: vu.pair,
        ended,
        testType: vu.partName(),
        provider: client.provider,
        stream: composed.stream,
        issuedAtMs,
        firstIssuedMs,
        pauseMs: waitMs,
        retry,
        good,
        tags,
      });
    stopIfHopeless(vu, answer, composed);
    if (waitMs === null) return recorded;
    addSample('ai_throttled_ms', waitMs);
    sleep(waitMs / 1000);
    countOne('ai_retries');
    issuedAtMs = vu.clock();
  }
}

/** How a session ends with this answer, if it does. */
function recordSessionEnd(
  vu: Vu,
  { attempt, text, measured }: Recorded,
  place: SessionPlace,
): SessionEnding | null {
  const isOk = attempt.outcome.kind === 'ok';
  const isComplete = isOk && place.isLast;
  const isBroken = !isOk || (!place.isLast && place.endsWithoutText && (text ?? '').trim() === '');
  if (!isComplete && !isBroken) return null;
  const end = isComplete ? 'complete' : 'broken';
  addTagged('ai_sessions', 1, { end });
  const tookMs = isComplete ? vu.clock() - place.beganAtMs : null;
  if (tookMs !== null && measured) addSample('ai_session_ms', tookMs);
  return { end, tookMs };
}

/** Refusals in a row that no later request of this VU will escape. */
const HOPELESS_IN_A_ROW = 10;

/** Ends the run when going on would only make more of the same: a key or a quota refused again and again. */
function stopIfHopeless(vu: Vu, answer: Answer, composed: Composed): void {
  stopWithoutMeter(vu, answer.meterGone);
  const { outcome } = answer.attempt;
  if (outcome.kind !== 'failed' || (outcome.error !== 'auth' && outcome.error !== 'quota')) {
    vu.refusalsInARow = 0;
  } else if (++vu.refusalsInARow >= HOPELESS_IN_A_ROW) {
    recordStop(outcome.error);
    exec.test.abort(
      `${HOPELESS_IN_A_ROW} requests in a row were refused for ${outcome.error} (${composed.model}: ${outcome.message})`,
    );
  }
}

/** Ends the run: its budget is used up. The request was not sent, so it is none, and no error of the server's. */
function endOnBudget(): never {
  takeBackOne('ai_requests_started');
  recordStop('budget');
  exec.test.abort('LLM_BUDGET_USD: the next request might have passed the budget, so it was not sent');
  throw new Error('k6 goes on after an abort');
}

/** Answers of the meter that may be missing in a row: a connection may break, a meter that lives answers the next one. */
const METER_SILENT_IN_A_ROW = 3;

/** Ends the run when the meter has died: without it nothing can be sent, and every request would only be a failure more. */
function stopWithoutMeter(vu: Vu, gone: Answer['meterGone']): void {
  vu.meterSilentInARow = gone === undefined ? 0 : vu.meterSilentInARow + 1;
  if (gone !== 'refused' && vu.meterSilentInARow < METER_SILENT_IN_A_ROW) return;
  recordStop('meter');
  exec.test.abort(
    `the stream meter at ${vu.run.settings.meterUrl ?? ''} gives no answer any more, so nothing can be sent`,
  );
}

/** The pause before the next attempt; null when there is none: it ended well, or may not or must not be repeated. */
function waitBeforeRetry(vu: Vu, { attempt, composed: { model } }: Recorded, retry: number): number | null {
  const { outcome } = attempt;
  if (outcome.kind !== 'failed') return null;
  answers().logFailure(model, outcome);
  if (!outcome.retryable || retry >= vu.run.settings.retries) return null;
  const jitter = createUnitStream(vu.run.settings.seed, `retry ${retry}`)(vu.iteration);
  return retryWaitMs({ askedMs: attempt.retryAfterMs, retry, jitter });
}

/** `cache`: whether the prompt was in the provider's cache. */
function tagCache(vu: Vu, { cachedInputTokens }: Usage): void {
  if (cachedInputTokens !== null) vu.tags['cache'] = cachedInputTokens > 0 ? 'hit' : 'miss';
}
