import { answerAsk, type AskContext, readAsk, unknownModel } from '../chat/answer-ask.ts';
import { asciiJson } from '../../../lib/kinds/mock/ascii-json.ts';
import type { MockExchange } from './mock-exchange.ts';
import type { Truth } from '../truth/truth.ts';
import { openAiError } from '../../../lib/kinds/chat/mock.ts';
import { decodedSegment } from '../../http1/decoded-segment.ts';
import { plainPath } from './azure-path.ts';
import type { MockKind } from '../chat/mock-ask.ts';

/** What the mock serves. */
export type RouteContext = {
  asks: AskContext;
  routes: ReadonlyMap<string, Route>;
  /** What a Prometheus would read. */
  metrics: () => string;
  truth: (also: { requests: boolean; bodies: boolean }) => Truth;
  reset: () => void;
};

type Route = { method: string; handle: (exchange: MockExchange, context: RouteContext) => void };

/** The routes of kinds of requests, beside those that are always there. */
export function routesOf(kinds: readonly MockKind[]): ReadonlyMap<string, Route> {
  const own = kinds.map((mockKind): [string, Route] => [
    `/v1/${mockKind.kind.path}`,
    { method: 'POST', handle: (exchange, { asks }) => answerAsk(asks, exchange, mockKind) },
  ]);
  const counting = kinds.flatMap((mockKind): [string, Route][] => {
    const { counting: call } = mockKind.part;
    if (call === null) return [];
    const handle: Route['handle'] = (exchange, context) => countTokens(exchange, context, mockKind);
    return [[`/v1/${call.path}`, { method: 'POST', handle }]];
  });
  return new Map([...own, ...counting, ...Object.entries(ROUTES)]);
}

const ONE_MODEL = '/v1/models/';
const OPENAI = { errorBody: openAiError };
const CREATED_UNIX_SEC = 1_764_547_200;

const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/models': { method: 'GET', handle: listModels },
  '/health': { method: 'GET', handle: (exchange) => sendJson(exchange, { status: 'ok' }) },
  '/metrics': { method: 'GET', handle: tellMetrics },
  '/__truth': { method: 'GET', handle: tellTruth },
  '/v1/__truth': { method: 'GET', handle: tellTruth },
  '/__reset': { method: 'POST', handle: reset },
  '/v1/__reset': { method: 'POST', handle: reset },
};

/** Answers one request, whatever it is. */
export function route(exchange: MockExchange, context: RouteContext): void {
  const { method } = exchange.request;
  const { path } = plainPath(exchange.request.path);
  const found =
    context.routes.get(path) ??
    (path.startsWith(ONE_MODEL) ? { method: 'GET', handle: tellModel } : undefined);
  if (found === undefined) {
    const paths = [...context.routes.keys()].join(', ');
    sendError(exchange, { status: 404, message: `nothing is at ${path.slice(0, 200)}; there are ${paths}` });
  } else if (found.method !== (method === 'HEAD' ? 'GET' : method)) {
    sendError(exchange, { status: 405, message: `${path} takes ${found.method}`, allow: found.method });
  } else {
    found.handle(exchange, context);
  }
}

/** What a request would be read as: no generation, and in no count. */
function countTokens(exchange: MockExchange, { asks }: RouteContext, mockKind: MockKind): void {
  if (!asks.isAuthorized(exchange)) {
    sendError(exchange, { status: 401, message: 'the API key is not accepted' });
    return;
  }
  const ask = readAsk(asks, exchange, mockKind);
  if ('message' in ask) sendError(exchange, { status: 400, message: ask.message });
  else {
    const body = mockKind.part.counting?.body(ask.promptTokens) ?? '{}';
    exchange.send({ status: 200, type: 'application/json', body });
  }
}

function listModels(exchange: MockExchange, { asks }: RouteContext): void {
  if (!asks.isAuthorized(exchange)) {
    sendError(exchange, { status: 401, message: 'the API key is not accepted' });
    return;
  }
  sendJson(exchange, { object: 'list', data: asks.models.names.map(modelOf) });
}

/** Any name that it serves, listed or not; a name may hold slashes. */
function tellModel(exchange: MockExchange, { asks }: RouteContext): void {
  if (!asks.isAuthorized(exchange)) {
    sendError(exchange, { status: 401, message: 'the API key is not accepted' });
    return;
  }
  const name = decodedSegment(plainPath(exchange.request.path).path.slice(ONE_MODEL.length));
  if (asks.models.timingOf(name) === null) {
    const { answer } = unknownModel(OPENAI, name);
    exchange.send(answer);
  } else sendJson(exchange, modelOf(name));
}

function modelOf(id: string): Record<string, unknown> {
  return { id, object: 'model', created: CREATED_UNIX_SEC, owned_by: 'mock' };
}

/** Without a key, as vLLM's page is. */
function tellMetrics(exchange: MockExchange, { metrics }: RouteContext): void {
  exchange.send({ status: 200, type: 'text/plain; version=0.0.4', body: metrics() });
}

function tellTruth(exchange: MockExchange, { truth }: RouteContext): void {
  const { query } = exchange.request;
  const asks = (name: string): boolean => query.get(name) === '1';
  sendJson(exchange, truth({ requests: asks('requests'), bodies: asks('bodies') }));
}

function reset(exchange: MockExchange, context: RouteContext): void {
  context.reset();
  sendJson(exchange, { status: 'reset' });
}

function sendJson(exchange: MockExchange, value: unknown): void {
  exchange.send({ status: 200, type: 'application/json', body: asciiJson(value) });
}

function sendError(exchange: MockExchange, error: { status: number; message: string; allow?: string }): void {
  const { status, message, allow } = error;
  const body = openAiError({
    message,
    type: status === 401 ? 'authentication_error' : 'invalid_request_error',
    code: status === 401 ? 'invalid_api_key' : status === 404 ? 'not_found' : null,
  });
  const headers = allow === undefined ? {} : { allow };
  exchange.send({ status, type: 'application/json', headers, body });
}
