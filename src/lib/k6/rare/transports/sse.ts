import { abandoned, attemptOfStream } from '../../../answer/http-answer.ts';
import type { LeaveAfter } from '../../../load/parse-abort.ts';
import { StreamReader } from '../../../answer/stream/stream-reader.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { noAnswer } from '../../vu/transports/no-answer.ts';
import type { Answer, Target, Transport, Wants } from '../../vu/transports/transport.ts';

/** The part of xk6-sse's module that is used. */
type SseModule = {
  open: (url: string, params: SseParams, setup: (client: SseClient) => void) => SseResponse;
};

type SseParams = {
  method: string;
  body: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  timeout: string;
};

type SseResponse = { status: number; error: string; headers?: Record<string, string> };

type SseClient = {
  on(event: 'event', handler: (event: { name?: string; data?: string; comment?: string }) => void): void;
  on(event: 'error', handler: (error: { error?: () => string }) => void): void;
  close: () => void;
};

/**
 * k6 with xk6-sse: every event, stamped in its handler. A new connection for each request, so TTFT holds its
 * set-up. Every error path closes the client, since `open` would otherwise never return; every stream has a
 * time-out.
 */
export function createSseTransport(target: Target, clock: Clock): Transport {
  if (typeof k6Sse === 'undefined' || k6Sse === null)
    throw new Error('LLM_TRANSPORT is not sse, so k6/x/sse was not loaded');
  const sse = k6Sse as SseModule & { default?: SseModule };
  return (body, wants) => send(sse.default ?? sse, { target, clock, body, wants });
}

type Sending = { target: Target; clock: Clock; body: string; wants: Wants };

function send(sse: SseModule, { target, clock, body, wants }: Sending): Answer {
  const reader = new StreamReader({
    keepText: wants.wantsText,
    keepGaps: target.wantsGaps,
    asked: { kind: target.kind, items: wants.items },
  });
  const seen: StreamIncidents = { firstMs: null, failure: null, unread: '', hasLeft: false };
  const { leaveAfter } = wants;
  const issuedAtMs = clock();
  let response: SseResponse;
  try {
    response = sse.open(target.url, paramsOf(target, body, leaveAfter), (client) => {
      client.on('event', ({ name, data }) => {
        if (seen.hasLeft) return;
        // First of all, as the event itself carries no time.
        const atMs = clock() - issuedAtMs;
        seen.firstMs ??= atMs;
        // Nothing is missing: a server may leave the connection open.
        if (reader.event(name ?? '', data ?? '', atMs)) client.close();
        else if (leaveAfter !== undefined && isTimeToLeave(leaveAfter, reader.chunks, atMs)) {
          seen.hasLeft = true;
          client.close();
        }
      });
      client.on('error', (error) => {
        const line = onError(error, client, seen);
        if (line !== null) reader.line(line, clock() - issuedAtMs);
      });
    });
  } catch (error) {
    return noAnswer(error instanceof Error ? error.message : String(error), clock() - issuedAtMs);
  }
  const endMs = clock() - issuedAtMs;
  const timedOut = seen.failure !== null && TIMED_OUT.test(seen.failure);
  const close = seen.failure === null ? 'clean' : timedOut ? 'timeout' : 'reset';
  const answer = attemptOfStream(
    {
      status: response.status,
      errorCode: 0,
      errorText: seen.failure ?? response.error,
      headers: response.headers ?? {},
      bodyText: seen.unread,
      stream: true,
      wantsText: wants.wantsText,
      ttfbMs: seen.firstMs,
      endMs,
      nowMs: Date.now(),
    },
    reader.end(close),
  );
  const leftByTime = timedOut && leaveAfter?.kind === 'time' && leaveAfter.ms <= target.timeoutMs;
  return seen.hasLeft || leftByTime ? abandoned(answer) : answer;
}

const TIMED_OUT = /deadline exceeded|timeout|timed out/i;

/** What came beside events. */
type StreamIncidents = { firstMs: number | null; failure: string | null; unread: string; hasLeft: boolean };

/** Between two events nobody is asked: who leaves after a time does so at the next event, or when the time-out says so. */
function isTimeToLeave(after: LeaveAfter, chunks: number, atMs: number): boolean {
  return after.kind === 'tokens' ? chunks >= after.count : atMs >= after.ms;
}

/**
 * What is no event comes as one "unknown event" a line: it is read, and is no error of the connection.
 *
 * @returns such a line; null for an error.
 */
function onError(error: { error?: () => string }, client: SseClient, seen: StreamIncidents): string | null {
  const text = typeof error.error === 'function' ? error.error() : String(error);
  const unknown = /^unknown event: ?(.*)$/s.exec(text);
  if (unknown !== null) {
    const line = unknown[1] ?? '';
    seen.unread += `${line}\n`;
    return line;
  }
  seen.failure ??= text;
  client.close();
  return null;
}

function paramsOf(target: Target, body: string, leaveAfter: LeaveAfter | undefined): SseParams {
  const leaveMs = leaveAfter?.kind === 'time' ? leaveAfter.ms : Infinity;
  return {
    method: 'POST',
    body,
    headers: { ...target.headers },
    tags: { name: target.tag },
    // A string: a number is read as nanoseconds, and none at all is for ever.
    timeout: `${Math.min(target.timeoutMs, leaveMs)}ms`,
  };
}
