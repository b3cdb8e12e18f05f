import http, { type RefinedResponse } from 'k6/http';
import { type Attempt, nothingTold } from '../../../answer/attempt.ts';
import { createPlainReader, type PlainAnswer } from '../../../kinds/chat/plain-answer.ts';
import { STALE_WITHIN_MS } from '../../../request/stale-connection.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { answers } from '../../parts.ts';
import { noAnswer } from './no-answer.ts';
import type { Answer, Target, Transport, Wants } from './transport.ts';

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
    redirects: 0,
  };
  // Other kinds have no such reader.
  const isChat = target.kind.name === 'chat';
  const readPlain = createPlainReader();
  return (body, wants) => {
    let issuedAtMs = clock();
    let response: RefinedResponse<'text'>;
    try {
      response = http.post(target.url, body, params);
      if (response.status === 0 && wasStale(response)) {
        // The request never was: it goes out once more, on a connection of its own.
        issuedAtMs = clock();
        response = http.post(target.url, body, params);
      }
    } catch (error) {
      // k6 would not send it at all: a header value that it does not like, say.
      return noAnswer(error instanceof Error ? error.message : String(error), clock() - issuedAtMs);
    }
    const endMs = clock() - issuedAtMs;
    const mayBePlain = isChat && !wants.stream && response.status === 200 && response.error_code === 0;
    if (mayBePlain && !tellsMore(response.headers)) {
      // The quick way for the usual answer.
      const plain = readPlain(response, wants.wantsText);
      if (plain !== null) return plainAnswer(plain, response.timings, endMs);
    }
    return readAny(response, { kind: target.kind, ...wants }, endMs);
  };
}

/**
 * Whether a kept-alive connection had been closed by the server before the request reached it: no byte of an answer
 * came, on a connection that was not opened for it, within the time that such news take (as in the stream meter).
 */
function wasStale({ body, error, timings }: RefinedResponse<'text'>): boolean {
  if (body !== null || timings.connecting > 0 || timings.duration > STALE_WITHIN_MS) return false;
  return /EOF|reset by peer|broken pipe|closed/.test(error);
}

/**
 * No regular expression: one costs each VU 9 kB. Without their first letters, as Go writes each part of a header's name
 * with a capital: to make small letters of them takes 6 µs.
 */
const MORE = ['atelimit', 'itellm', 'ueue-Time', 'ireworks'];

/** In a constant: the engine looks a global name up for 2 µs each time. */
const namesOf = Object.keys;

const NO_CALLS: Answer['toolCalls'] = [];

type Timings = RefinedResponse<'text'>['timings'];

/** What every plain answer has in common. */
const PLAIN: Omit<Attempt, 'ttfbMs' | 'endMs' | 'usage' | 'answeredModel' | 'finishReason'> = {
  ...nothingTold({ kind: 'ok' }),
  status: 200,
  retryAfterMs: null,
  connectMs: null,
  hopMs: null,
  rateLimitRemaining: [],
};

/** With `PLAIN` behind it and not copied: k6's engine takes 5 µs for an object of 19 properties, and 1 µs for this. */
function plainAnswer(plain: PlainAnswer, timings: Timings, endMs: number): Answer {
  const own = {
    __proto__: PLAIN,
    ttfbMs: timings.blocked + timings.sending + timings.waiting,
    endMs,
    usage: plain.usage,
    answeredModel: plain.answeredModel,
    finishReason: plain.finishReason,
  };
  return { attempt: own as unknown as Attempt, text: plain.text, toolCalls: NO_CALLS, bodyText: '' };
}

/** Headers that hold a cost, a limit or the server's own times. All names at once: a call for each costs more than the search. */
function tellsMore(headers: Record<string, string>): boolean {
  const names = namesOf(headers).join();
  for (let at = 0; at < 4; at++) if (names.includes(MORE[at] ?? '')) return true;
  return false;
}

function readAny(
  response: RefinedResponse<'text'>,
  wants: Wants & Pick<Target, 'kind'>,
  endMs: number,
): Answer {
  const { status, timings, body } = response;
  return answers().attemptOf({
    status,
    errorCode: response.error_code,
    errorText: response.error,
    headers: response.headers,
    bodyText: body ?? '',
    answerBegan: body !== null,
    stream: wants.stream,
    wantsText: wants.wantsText,
    asked: wants,
    ttfbMs: status > 0 ? timings.blocked + timings.sending + timings.waiting : null,
    endMs,
    nowMs: Date.now(),
  });
}
