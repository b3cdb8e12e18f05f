import http, { type RefinedResponse } from 'k6/http';
import { attemptOf } from '../../http-answer.ts';
import type { Clock } from '../clock.ts';
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
  return (request) => {
    const issuedAtMs = clock();
    let response: RefinedResponse<'text'>;
    try {
      response = http.post(target.url, request.body, params);
    } catch (error) {
      // k6 would not send it at all: a header value that it does not like, say.
      return noAnswer(error instanceof Error ? error.message : String(error), clock() - issuedAtMs);
    }
    return readAnswer(response, { request, endMs: clock() - issuedAtMs });
  };
}

type Context = { request: WireRequest; endMs: number };

function readAnswer(response: RefinedResponse<'text'>, { request, endMs }: Context): Answer {
  const { status, timings, body } = response;
  return attemptOf({
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
