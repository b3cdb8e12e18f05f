import { createServer, type Server, type Socket } from 'node:net';
import { ConfigError } from '../../../lib/parse/config-error.ts';
import { Capacity } from '../limits/capacity.ts';
import type { AskContext } from '../chat/answer-ask.ts';
import { KeptAnswers } from '../chat/kept-answers.ts';
import { Scheduler } from '../time/scheduler.ts';
import { metricsPage } from '../truth/mock-metrics-page.ts';
import { Counts } from '../truth/counts.ts';
import { checkFaultRules } from '../faults/draw-faults.ts';
import { Connection } from './connection.ts';
import type { MockExchange } from './mock-exchange.ts';
import { buildModels } from '../chat/models.ts';
import {
  DEFAULT_QUEUE,
  DEFAULT_SEED,
  DEFAULT_SLOTS,
  DEFAULT_TOKENS_PER_REQUEST,
  type MockOptions,
} from './mock-options.ts';
import { PollClock } from '../time/poll-clock.ts';
import { PromptCache } from '../limits/prompt-cache.ts';
import { RateLimit } from '../limits/rate-limit.ts';
import { loadKinds } from '../load-kinds.ts';
import { route, type RouteContext, routesOf } from './routes.ts';
import type { Truth } from '../truth/truth.ts';

/** A running mock. */
export type Mock = {
  /** The base URL, `http://127.0.0.1:PORT/v1`. */
  url: string;
  port: number;
  /** What it did since the start or the last reset, with the last requests one by one. */
  truth: () => Truth;
  reset: () => void;
  /** Ends every connection, and frees the port. */
  close: () => Promise<void>;
};

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
/** The kernel queues so many connections that are not accepted yet: a thousand VUs may come at once. */
const LISTEN_BACKLOG = 4096;

/**
 * Starts an OpenAI- and Anthropic-compatible server on loopback, with exact and seeded timing.
 *
 * @throws ConfigError on options that make no sense; the system's error if the port is taken.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { host = '127.0.0.1', port = 0 } = options;
  if (!LOOPBACK.includes(host)) {
    throw new ConfigError({
      setting: '--host',
      got: host,
      expected: `a loopback address (${LOOPBACK.join(', ')}): the mock is not meant for others`,
      example: '--host 127.0.0.1',
    });
  }
  const scheduler = new Scheduler();
  const routes = routesOf(await loadKinds());
  const { context, counts } = buildContext(options, scheduler, routes);
  const sockets = new Set<Socket>();
  const shared = {
    now: scheduler.now,
    poll: new PollClock(scheduler.now),
    handle: (exchange: MockExchange) => route(exchange, context),
    onDropped: () => {
      counts().droppedConnections += 1;
    },
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void new Connection(socket, shared);
  });
  const listening = await listen(server, host, port);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}/v1`,
    port: listening,
    truth: () => context.truth({ requests: true, bodies: true }),
    reset: context.reset,
    close: () => close(server, scheduler, sockets),
  };
}

function buildContext(
  options: MockOptions,
  scheduler: Scheduler,
  routes: RouteContext['routes'],
): { context: RouteContext; counts: () => Counts } {
  const { seed = DEFAULT_SEED, faults = [], apiKey = null, keepBodies = false } = options;
  checkFaultRules(faults);
  const capacity = new Capacity(options.slots ?? DEFAULT_SLOTS, options.queue ?? DEFAULT_QUEUE);
  const newCounts = (): Counts => new Counts({ seed, now: scheduler.now, keepBodies });
  let counts = newCounts();
  const promptCache = options.promptCache === true ? new PromptCache() : null;
  const kept = new KeptAnswers();
  const asks: AskContext = {
    engine: {
      scheduler,
      capacity,
      promptCache,
      kept,
      batchSlowdownRatio: options.batchSlowdownRatio ?? 0,
      prefillTokensPerSec: options.prefillTokensPerSec ?? null,
      decodeTokensPerSec: options.decodeTokensPerSec ?? null,
    },
    models: buildModels({
      all: options.timing ?? {},
      own: options.models ?? [],
      strict: options.strictModels ?? false,
    }),
    faults,
    seed,
    rateLimit: buildRateLimit(options, scheduler),
    isAuthorized: (exchange) => apiKey === null || hasKey(exchange, apiKey),
    counts: () => counts,
  };
  const context: RouteContext = {
    asks,
    routes,
    metrics: () => {
      const { firstTokens, queueTimes } = counts;
      return metricsPage({ running: capacity.active, waiting: capacity.queued, firstTokens, queueTimes });
    },
    truth: (also) => counts.read(capacity.peaks, also),
    reset: () => {
      counts = newCounts();
      capacity.reset();
      promptCache?.clear();
      kept.clear();
    },
  };
  return { context, counts: () => counts };
}

function buildRateLimit({ rateLimit = null }: MockOptions, scheduler: Scheduler): RateLimit | null {
  if (rateLimit === null) return null;
  const { requestsPerMinute, burstRequests, tokensPerMinute } = rateLimit;
  return new RateLimit(
    {
      requestsPerMinute,
      burstRequests: burstRequests ?? Math.max(1, Math.ceil(requestsPerMinute / 60)),
      tokensPerMinute: tokensPerMinute ?? requestsPerMinute * DEFAULT_TOKENS_PER_REQUEST,
    },
    scheduler.now,
  );
}

/** As OpenAI takes a key, or as Anthropic does. */
function hasKey({ request }: MockExchange, apiKey: string): boolean {
  return (
    request.headers.get('authorization') === `Bearer ${apiKey}` ||
    request.headers.get('x-api-key') === apiKey ||
    request.headers.get('api-key') === apiKey
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: LISTEN_BACKLOG }, () => {
      server.off('error', reject);
      // A server that cannot accept for a moment (no file descriptors) goes on.
      server.on('error', () => {});
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server, scheduler: Scheduler, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
    scheduler.close();
  });
}
