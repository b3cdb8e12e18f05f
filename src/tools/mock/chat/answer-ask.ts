import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import { randomFor } from '../../../lib/numbers/random.ts';
import { plainPath } from '../server/azure-path.ts';
import { type MockAsk, type MockKind, parseAsk } from './mock-ask.ts';
import type { Counts } from '../truth/counts.ts';
import {
  authAnswer,
  errorAnswer,
  faultAnswer,
  rateLimitAnswer,
  refusalAnswer,
  type ErrorAnswer,
} from '../faults/fault-answers.ts';
import { drawFaults, parseFaultHeader, type FaultRule } from '../faults/draw-faults.ts';
import type { HeaderLines } from '../../http1/render-head.ts';
import type { MockExchange } from '../server/mock-exchange.ts';
import type { Models } from './models.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { RequestLog } from '../truth/request-log.ts';
import { beginHang, enterQueue, type Engine } from '../server/engine.ts';
import type { AskProblem } from '../../../lib/kinds/mock/mock-part.ts';
import type { MockFormat } from '../../../lib/kinds/mock/mock-format.ts';

/** What requests are answered from. */
export type AskContext = {
  engine: Engine;
  models: Models;
  faults: readonly FaultRule[];
  seed: number;
  rateLimit: RateLimit | null;
  isAuthorized: (exchange: MockExchange) => boolean;
  /** The counts of now: they are replaced at a reset. */
  counts: () => Counts;
};

/** A request as the mock understands it, or what is wrong with it. */
export function readAsk(
  { engine }: AskContext,
  { request }: MockExchange,
  mockKind: MockKind,
): MockAsk | AskProblem {
  return parseAsk(request.body, mockKind, {
    saidUpTo: (id) => engine.kept.saidUpTo(id),
    deployment: plainPath(request.path).deployment,
  });
}

/** Answers one request: with an error, or with a generation once there is a slot. */
export function answerAsk(context: AskContext, exchange: MockExchange, mockKind: MockKind): void {
  const { kind, part } = mockKind;
  const { format } = part;
  const log = new RequestLog(context.counts(), exchange.request, kind.name);
  const refuse = (error: ErrorAnswer, headers: HeaderLines = {}): void => {
    const { answer, kind } = error;
    log.answering(answer.status);
    exchange.send({ ...answer, headers: { ...headers, ...answer.headers } });
    log.ended('whole', kind);
  };
  const ask = readAsk(context, exchange, mockKind);
  const known = 'message' in ask ? null : log.understood(ask);
  if (!context.isAuthorized(exchange)) return refuse(authAnswer(format));
  if ('message' in ask || known === null) {
    return refuse(badRequest(format, 'message' in ask ? ask : { message: '', param: null }));
  }
  const timing = context.models.timingOf(ask.model);
  if (timing === null) return refuse(unknownModel(format, ask.model));
  const random = randomFor(context.seed, 'answer', ask.model, known);
  const header = exchange.request.headers.get('x-mock-fault');
  const faults =
    header === undefined ? drawFaults(context.faults, ask.model, random) : parseFaultHeader(header);
  if (typeof faults === 'string') return refuse(badRequest(format, { message: faults, param: null }));
  const waitMs = context.rateLimit?.admit(ask.promptTokens) ?? null;
  const headers = { 'x-request-id': `mock-${log.id}`, ...context.rateLimit?.headers() };
  if (waitMs !== null) return refuse(rateLimitAnswer(format, String(Math.ceil(waitMs / 1000))), headers);
  const work = { exchange, log, part, ask, faults, random, headers, timing };
  const instead =
    refusalAnswer(faults, { format, has: ask.has }) ?? faultAnswer(faults, { format, unixNowMs: Date.now() });
  if (instead !== null) {
    log.faulted(instead.name);
    return refuse(instead, headers);
  }
  if (faults.has('hang')) return beginHang(context.engine, work);
  if (!enterQueue(context.engine, work)) refuse(overloaded(format), headers);
}

function badRequest(format: MockFormat, problem: AskProblem): ErrorAnswer {
  const error = { ...problem, type: 'invalid_request_error' };
  return errorAnswer(format, { status: 400, kind: 'bad_request', error });
}

/** 404 for a name that the mock does not serve. */
export function unknownModel(format: Pick<MockFormat, 'errorBody'>, model: string): ErrorAnswer {
  const error = {
    message: `the mock has no model ${model.slice(0, 100)}`,
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_found',
  };
  return errorAnswer(format, { status: 404, kind: 'bad_request', error });
}

function overloaded(format: MockFormat): ErrorAnswer {
  const kind: ErrorKind = 'overloaded';
  const error = {
    message: 'the mock has no slot left and its queue is full',
    type: 'overloaded_error',
    code: 'queue_full',
  };
  return errorAnswer(format, { status: 503, kind, error, headers: { 'retry-after': '1' } });
}
