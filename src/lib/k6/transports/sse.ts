import { attemptOf, attemptOfStream } from '../../http-answer.ts';
import { StreamReader } from '../../stream.ts';
import type { Clock } from '../clock.ts';
import type { Answer, Target, Transport, WireRequest } from './transport.ts';

/** The part of xk6-sse's module that is used. */
type SseModule = {
  open: (
    url: string,
    params: {
      method: string;
      body: string;
      headers: Record<string, string>;
      tags: Record<string, string>;
      timeout: string;
    },
    setup: (client: SseClient) => void,
  ) => { status: number; error: string; headers: Record<string, string> };
};

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
  const sse = loadModule();
  return (request) => send(sse, { target, clock, request });
}

/** A literal, guarded `require`: stock k6 2.x refuses a bundle that evaluates it, and no other run does. */
function loadModule(): SseModule {
  if (__ENV['LLM_TRANSPORT'] === 'sse') return require('k6/x/sse') as SseModule;
  throw new Error('the sse transport is not in use');
}

function send(
  sse: SseModule,
  { target, clock, request }: { target: Target; clock: Clock; request: WireRequest },
): Answer {
  const reader = new StreamReader({
    wire: target.wire,
    keepText: request.wantsText,
    keepGaps: request.wantsGaps,
  });
  let failure: string | null = null;
  let unread = '';
  const issuedAtMs = clock();
  const response = open(sse, { target, request }, (client) => {
    client.on('event', ({ name, data, comment }) => {
      const atMs = clock() - issuedAtMs;
      if (comment !== undefined && comment !== '' && (data ?? '') === '') return;
      reader.event(name ?? '', data ?? '', atMs);
    });
    client.on('error', (error) => {
      const text = error.error?.() ?? String(error);
      const unknown = /^unknown event: ?(.*)$/s.exec(text);
      // A JSON error body comes as one "unknown event" a line; it is no transport error.
      if (unknown === null) failure = text;
      else unread += unknown[1] ?? '';
      if (unknown === null) client.close();
    });
  });
  const endMs = clock() - issuedAtMs;
  return finish({ reader, response, failure, unread, endMs, target, request });
}
