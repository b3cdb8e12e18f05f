import { AnswerCollector } from '../answer-collector.ts';
import type { MeterContext } from '../meter-context.ts';
import { Exchange } from '../upstream/exchange.ts';
import { jsonErrorAnswer } from './front-answer.ts';
import type { FrontExchange } from './front-connection.ts';
import { upstreamRequest } from '../upstream/upstream-request.ts';
import { findHeader, type Headers } from '../../../lib/answer/headers/find-header.ts';
import type { Header } from '../../http1/message-head.ts';

/** Passes `GET models` on as it is, and the answer back. */
export function forwardModels(context: MeterContext, front: FrontExchange): void {
  const { target, pool, ownHeaders, timeoutMs } = context;
  const collector = new AnswerCollector({
    stream: false,
    asked: null,
    keepGaps: false,
    keepText: false,
    keepReads: false,
    held: context.held,
  });
  const line = { method: 'GET', path: target.modelsPath, authority: target.authority };
  const exchange = new Exchange(
    pool,
    { request: upstreamRequest(line, front.request, ownHeaders), timeoutMs },
    {
      onHead: (head) => collector.onHead(head),
      onBody: (bytes, range, atMs) => {
        const problem = collector.onBody(bytes, range, atMs);
        if (problem !== null) exchange.giveUp(problem);
      },
      onEnd: (end) => {
        if (end.kind === 'timeout')
          return front.answer(jsonErrorAnswer(504, 'the server did not answer in time'));
        if (end.kind === 'cut' || end.kind === 'unreachable')
          return front.answer(jsonErrorAnswer(502, `the server gave no answer: ${end.reason}`));
        const { bodyText } = collector.finish(end, { ttfbMs: null, endMs: 0 });
        front.answer({
          status: collector.status,
          headers: handedOn(collector.headers),
          contentType: collector.headers['content-type'] ?? 'application/json',
          body: bodyText,
        });
      },
    },
  );
  front.onGone(() => {
    exchange.abort();
    collector.release();
  });
}

/** k6 follows no redirect, but tells where it leads; and it holds its clock against the server's. */
function handedOn(headers: Headers): Header[] {
  return ['location', 'date'].flatMap((name): Header[] => {
    const value = findHeader(headers, name);
    return value === null ? [] : [[name, value]];
  });
}
