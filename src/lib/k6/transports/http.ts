import http, { type RefinedResponse } from 'k6/http';
import { attemptOf, type HttpAnswer } from '../../http-answer.ts';
import type { Clock } from '../clock.ts';
import type { Answer, Target, Transport, WireRequest } from './transport.ts';

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
  return (request) => {
    const issuedAtMs = clock();
    let response: RefinedResponse<'text'>;
    try {
      response = http.post(target.url, request.body, params);
    } catch (error) {
      return brokenRequest(error, clock() - issuedAtMs, target);
    }
    return readAnswer(response, { request, target, endMs: clock() - issuedAtMs });
  };
}

/** k6 refused to send it at all (a header value it does not like, say). */
function brokenRequest(error: unknown, endMs: number, { wire }: Target): Answer {
  const errorText = error instanceof Error ? error.message : String(error);
  return attemptOf({ ...NO_ANSWER, wire, endMs, errorText });
}

const NO_ANSWER: HttpAnswer = {
  status: 0,
  errorCode: 0,
  errorText: '',
  headers: {},
  bodyText: '',
  wire: 'openai',
  stream: false,
  wantsText: false,
  ttfbMs: null,
  endMs: 0,
  nowMs: 0,
};

type Context = { request: WireRequest; target: Target; endMs: number };

function readAnswer(response: RefinedResponse<'text'>, { request, target, endMs }: Context): Answer {
  const { status, timings, body } = response;
  const answered = status > 0;
  return attemptOf({
    status,
    errorCode: response.error_code,
    errorText: response.error,
    headers: response.headers,
    bodyText: body ?? '',
    wire: target.wire,
    stream: request.stream,
    wantsText: request.wantsText,
    ttfbMs: answered ? timings.blocked + timings.sending + timings.waiting : null,
    endMs,
    nowMs: Date.now(),
  });
}
