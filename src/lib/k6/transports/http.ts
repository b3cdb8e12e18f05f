import http, { type RefinedResponse } from 'k6/http';
import type { PlainAnswer } from '../../plain-answer.ts';
import { createPlainReader } from '../../plain-reader.ts';
import type { Clock } from '../clock.ts';
import { answers } from '../lazy.ts';
import { type Answer, noAnswer, type Target, type Transport, type WireRequest } from './transport.ts';

/**
 * Any k6: an answer is read whole before the script sees a byte. Of a streamed one that gives its first byte,
 * its end and its events in order, but no times.
 */
export function createHttpTransport(target: Target, clock: Clock): Transport {
  const params = {
    headers: { ...target.headers },
    timeout: target.timeoutMs,
    tags: { name: target.tag },
    responseType: 'text' as const,
  };
  const readPlainAnswer = createPlainReader();
  /** The quick way for the usual answer; null for any other. */
  const readPlain = (
    response: RefinedResponse<'text'>,
    request: WireRequest,
    endMs: number,
  ): Answer | null => {
    if (request.stream || response.status !== 200 || response.error_code !== 0) return null;
    if (tellsMore(response.headers)) return null;
    const plain = readPlainAnswer(response.body ?? '');
    return plain === null ? null : plainAnswer(plain, response.timings, endMs);
  };
  return (request) => {
    const issuedAtMs = clock();
    let response: RefinedResponse<'text'>;
    try {
      response = http.post(target.url, request.body, params);
    } catch (error) {
      // k6 would not send it at all: a header value that it does not like, say.
      return noAnswer(error instanceof Error ? error.message : String(error), clock() - issuedAtMs);
    }
    const endMs = clock() - issuedAtMs;
    return readPlain(response, request, endMs) ?? readAny(response, request, endMs);
  };
}

function plainAnswer(plain: PlainAnswer, timings: Timings, endMs: number): Answer {
  return {
    attempt: {
      status: 200,
      outcome: OK,
      ttfbMs: timings.blocked + timings.sending + timings.waiting,
      ttftMs: null,
      ttfoMs: null,
      lastOutputMs: null,
      endMs,
      stallMs: null,
      gapsMs: null,
      chunks: 0,
      bufferedByProxy: false,
      usage: plain.usage,
      answeredModel: plain.answeredModel,
      finishReason: plain.finishReason,
      reportedCostUsd: null,
      retryAfterMs: null,
      connectMs: null,
      hopMs: null,
      rateLimitRemaining: NO_LIMITS,
    },
    text: plain.text,
    bodyText: '',
  };
}

type Timings = RefinedResponse<'text'>['timings'];

const OK = { kind: 'ok' } as const;
const NO_LIMITS: readonly never[] = [];

/** Headers that hold a cost or a limit. All names at once: an engine call for each costs more than the search. */
function tellsMore(headers: Record<string, string>): boolean {
  const names = Object.keys(headers).join().toLowerCase();
  return names.includes('ratelimit') || names.includes('litellm');
}

function readAny(response: RefinedResponse<'text'>, request: WireRequest, endMs: number): Answer {
  const { status, timings, body } = response;
  return answers().attemptOf({
    status,
    errorCode: response.error_code,
    errorText: response.error,
    headers: response.headers,
    bodyText: body ?? '',
    stream: request.stream,
    wantsText: request.wantsText,
    ttfbMs: status > 0 ? timings.blocked + timings.sending + timings.waiting : null,
    endMs,
    nowMs: Date.now(),
  });
}
