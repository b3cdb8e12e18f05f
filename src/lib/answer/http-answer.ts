import { warning } from './answer-warnings.ts';
import type { ToolCall } from './tool-calls.ts';
import { readBlockingAnswer } from './blocking-answer.ts';
import { type AnswerReading, type Attempt, nothingTold, type Outcome } from './attempt.ts';
import type { AskedFor } from '../kinds/kind.ts';
import { findHeader, type Headers } from './headers/find-header.ts';
import { classifyRefusal, classifyTransport, failureOf } from './failure/classify-failure.ts';
import { snippetOf } from './failure/snippet.ts';
import { readRateLimits } from './headers/rate-limits.ts';
import { readRetryAfterMs } from './headers/retry-after.ts';
import { mergeTimes, readHeaderTimes } from './reported-times.ts';
import { StreamReader } from './stream/stream-reader.ts';
import type { StreamResult } from './stream/stream-result.ts';
import type { StreamClose } from './stream/stream-ending.ts';

/** An answer that was read whole, or the lack of one. */
export type HttpAnswer = {
  /** 0 when no answer came. */
  status: number;
  /** k6's `error_code`; 0 for none. */
  errorCode: number;
  errorText: string;
  headers: Headers;
  bodyText: string;
  /** A head had come, though k6 tells neither its status nor its headers when the connection breaks later. */
  answerBegan?: boolean;
  /** A streamed answer was asked for. */
  stream: boolean;
  wantsText: boolean;
  /** Not given: text, of whichever wire it turns out to be. */
  asked?: AskedFor | null;
  ttfbMs: number | null;
  endMs: number;
  /** Wall clock, ms since 1970: a Retry-After may be a date. */
  nowMs: number;
};

/** An attempt, and the texts that only some callers need. */
export type ReadAnswer = {
  attempt: Attempt;
  text: string | null;
  toolCalls: readonly ToolCall[];
  bodyText: string;
};

const NO_CALLS: readonly ToolCall[] = [];

/** The attempt of an answer that its reader failed on: a fault of ours, which costs this one request and is counted. */
export function unreadable(problem: string, status = 0): ReadAnswer {
  const empty = { errorCode: 0, errorText: '', headers: {}, bodyText: '', stream: false, wantsText: false };
  const answer = { ...empty, status, ttfbMs: null, endMs: 0, nowMs: 0 };
  const outcome = failureOf('invalid', snippetOf(problem));
  return { attempt: withHead(answer, nothingTold(outcome)), text: null, toolCalls: NO_CALLS, bodyText: '' };
}

/** Reads an answer that came whole, or what came of it. Never throws: any status, header or body is an attempt. */
export function attemptOf(answer: HttpAnswer): ReadAnswer {
  const { bodyText, stream } = answer;
  const isStreamed = isEventStream(answer);
  if (isStreamed || (stream && isSuccess(answer.status))) return attemptOfBody(answer, isStreamed);
  if (broke(answer))
    return {
      attempt: withHead(answer, nothingTold(brokenOutcome(answer))),
      text: null,
      toolCalls: NO_CALLS,
      bodyText,
    };
  const blocking = readBlockingAnswer(answer, answer.asked ?? null);
  return {
    attempt: withHead(answer, blocking),
    text: answer.wantsText ? blocking.answer : null,
    toolCalls: blocking.toolCalls,
    bodyText,
  };
}

/** A stream that was read as one body: its events have an order and no times. */
function attemptOfBody(answer: HttpAnswer, isStreamed: boolean): ReadAnswer {
  const { bodyText, stream, headers } = answer;
  const reader = new StreamReader({
    keepText: answer.wantsText,
    timed: false,
    headers,
    asked: answer.asked ?? null,
  });
  reader.feed(bodyText, answer.endMs);
  const result = reader.end(closeOf(answer));
  const warnings = isStreamed && !stream ? [warning('unasked_stream'), ...result.warnings] : result.warnings;
  // k6 forgets the status of an answer that breaks off; events come with a good one.
  const status = answer.status === 0 ? 200 : answer.status;
  return {
    attempt: withHead({ ...answer, status }, { ...result, warnings }),
    text: result.answer,
    toolCalls: result.toolCalls,
    bodyText,
  };
}

/** Events, whether they were asked for or not. A broken answer's body is all that tells. */
function isEventStream({ status, bodyText }: HttpAnswer): boolean {
  return (status === 0 || isSuccess(status)) && /^[\s\uFEFF]*(data|event|id|retry|error)?:/.test(bodyText);
}

/** How the connection ended, as far as k6's codes tell. */
function closeOf(answer: HttpAnswer): StreamClose {
  if (!broke(answer)) return 'clean';
  const outcome = brokenOutcome(answer);
  return outcome.kind === 'failed' && outcome.error === 'timeout' ? 'timeout' : 'reset';
}

/**
 * The attempt of a stream that was read event by event. A status other than 2xx is a refusal, whatever its body.
 *
 * @param answer its head and its end; `bodyText` is whatever of the body was no event.
 */
export function attemptOfStream(answer: HttpAnswer, result: StreamResult): ReadAnswer {
  const { status, bodyText } = answer;
  if (isSuccess(status)) {
    const { answer: text, toolCalls } = result;
    return { attempt: withHead(answer, result), text, toolCalls, bodyText };
  }
  const outcome = status === 0 ? brokenOutcome(answer) : classifyRefusal(answer);
  return { attempt: withHead(answer, nothingTold(outcome)), text: null, toolCalls: NO_CALLS, bodyText };
}

function withHead(answer: HttpAnswer, told: AnswerReading): Attempt {
  const { headers, status, ttfbMs, endMs, nowMs } = answer;
  return {
    status,
    outcome: told.outcome,
    ttfbMs,
    ttftMs: told.ttftMs,
    ttfoMs: told.ttfoMs,
    lastOutputMs: told.lastOutputMs,
    endMs,
    stallMs: told.stallMs,
    gapsMs: told.gapsMs,
    chunks: told.chunks,
    bufferedByProxy: told.bufferedByProxy,
    usage: told.usage,
    pace: told.pace,
    rates: told.rates,
    answeredModel: told.answeredModel,
    finishReason: told.finishReason,
    reportedCostUsd: told.reportedCostUsd ?? costHeader(headers),
    // A refusal took no turn: its times would be those of nothing.
    reported: told.outcome.kind === 'ok' ? mergeTimes(readHeaderTimes(headers), told.reported) : null,
    retryAfterMs: told.outcome.kind === 'ok' ? null : readRetryAfterMs(headers, nowMs),
    connectMs: null,
    hopMs: null,
    rateLimitRemaining: readRateLimits(headers),
    warnings: told.warnings,
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** k6 numbers an answer's own status 1400 to 1599; every other code is the transport's. */
function broke({ status, errorCode }: HttpAnswer): boolean {
  return status === 0 || (errorCode !== 0 && (errorCode < 1400 || errorCode > 1599));
}

function brokenOutcome({ status, errorCode, errorText, bodyText, answerBegan }: HttpAnswer): Outcome {
  const began = answerBegan === true || status > 0 || bodyText !== '';
  return classifyTransport({ errorCode, errorText, answerBegan: began });
}

/** LiteLLM's own figure for this request; its `-original` sibling is the price before a discount. */
function costHeader(headers: Headers): number | null {
  const text = findHeader(headers, 'x-litellm-response-cost');
  const usd = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(usd) && usd >= 0 ? usd : null;
}

/**
 * An answer that its user gave up: what had come by then is told, whatever it would have become. A count of output that is older
 * than what came since (Anthropic's first event has one) is no count of what was written.
 */
export function abandoned(answer: ReadAnswer): ReadAnswer {
  const { attempt } = answer;
  const { chunks, usage } = attempt;
  const isOld = usage.outputTokens !== null && usage.outputTokens < chunks;
  return {
    ...answer,
    attempt: {
      ...attempt,
      usage: isOld ? { ...usage, outputTokens: null } : usage,
      outcome: { kind: 'aborted', partialOutput: chunks > 0 },
    },
  };
}
