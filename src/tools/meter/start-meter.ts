import { secretsIn } from '../../lib/answer/failure/secrets.ts';
import { KINDS } from '../../lib/kinds/kinds.ts';
import { Budget } from './budget.ts';
import { carryChat } from './carry-chat.ts';
import { OwnLedger } from './ledger.ts';
import type { MeterContext } from './meter-context.ts';
import { forwardModels } from './front/forward-models.ts';
import { jsonErrorAnswer, jsonAnswer } from './front/front-answer.ts';
import type { FrontExchange } from './front/front-connection.ts';
import { type FrontServer, listenFront } from './front/front-server.ts';
import { refusalOf } from './front/refusal-of.ts';
import { LoopDelayMonitor } from './loop-delay.ts';
import { DRAIN_MS, type MeterOptions } from './meter-options.ts';
import { RecordFile } from './record-file.ts';
import { newTally } from './meter-tally.ts';
import { UpstreamPool } from './upstream/upstream-pool.ts';
import { ownHeaders } from './upstream/upstream-request.ts';
import { warmUp } from './upstream/warm-up.ts';
import { HeldBytes } from './held-bytes.ts';

/** A running stream meter. */
export type Meter = {
  /** Where k6 finds it. */
  url: string;
  port: number;
  /** Why not all connections were opened ahead; null when they were. */
  unopened: string | null;
  /** What `GET /__meter` answers. */
  figures: () => object;
  /** Why the record is not whole; null when it is, or when there is none. */
  recordProblem: () => string | null;
  /** Takes nothing more, lets answers in progress end, at most eight seconds. @returns how many were broken off. */
  close: () => Promise<number>;
};

/** Starts a meter: its code warm, its connections open, then it listens. Rejects with the system's error. */
export async function startMeter(options: MeterOptions): Promise<Meter> {
  warmUp();
  const { target, budget, record } = options;
  const secrets = secretsIn(Object.values(options.headers));
  const context: MeterContext = {
    target,
    pool: new UpstreamPool(target),
    ownHeaders: ownHeaders(options.headers),
    secrets,
    timeoutMs: options.timeoutMs,
    budget:
      budget === null ? null : new Budget(budget.ledger ?? new OwnLedger(budget.limitUsd), budget.pricing),
    record: record === null ? null : await RecordFile.open({ ...record, secrets }),
    keepsReads: record?.events === true,
    held: new HeldBytes(options.maxHeldBytes),
    tally: newTally(),
    loopDelay: new LoopDelayMonitor(),
  };
  const unopened = await context.pool.fill(options.connections);
  let front: FrontServer | null = null;
  const figures = (): object => figuresOf(context, front);
  try {
    front = await listenFront(options, (exchange) => route(context, exchange, options.page ?? figures));
  } catch (error) {
    await letGo(context);
    throw error;
  }
  // What came before was not load.
  context.loopDelay.reset();
  const { port } = front;
  const listening = front;
  let closing: Promise<number> | null = null;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    unopened,
    figures,
    recordProblem: () => context.record?.problem ?? null,
    close: () => (closing ??= close(context, listening)),
  };
}

async function close(context: MeterContext, front: FrontServer): Promise<number> {
  const brokenOff = await front.close(DRAIN_MS);
  await letGo(context);
  return brokenOff;
}

async function letGo({ pool, loopDelay, record }: MeterContext): Promise<void> {
  pool.close();
  loopDelay.stop();
  await record?.close();
}

/** The chat paths, the list of models, and two pages of its own; nothing else is carried. */
function route(context: MeterContext, exchange: FrontExchange, page: () => unknown): void {
  const { method, path } = exchange.request;
  const refusal = refusalOf(exchange.request);
  if (refusal !== null) return exchange.answer(jsonErrorAnswer(403, refusal));
  const kind = KINDS.find((one) => path === `/${one.path}` || path === `/v1/${one.path}`);
  if (method === 'POST' && kind !== undefined) return carryChat(context, exchange, kind);
  if (method === 'GET' && path.endsWith('/models')) return forwardModels(context, exchange);
  if (method === 'GET' && path === '/health') return exchange.answer(jsonAnswer({ status: 'ok' }));
  if (method === 'GET' && path === '/__meter') return void answerPage(exchange, page);
  exchange.answer(jsonErrorAnswer(404, `the meter carries POST ${CARRIED}, not ${method} ${path}`));
}

const CARRIED = KINDS.map(({ path }) => `/v1/${path}`).join(', ');

async function answerPage(exchange: FrontExchange, page: () => unknown): Promise<void> {
  exchange.answer(jsonAnswer(await page()));
}

function figuresOf(
  { tally, pool, loopDelay, budget, record, target, held }: MeterContext,
  front: FrontServer | null,
): object {
  const { p50Ms, p99Ms, maxMs } = loopDelay.whole;
  const cpu = process.cpuUsage();
  return {
    target: target.displayUrl,
    ...tally,
    connections: { fromK6: front?.connections() ?? 0, ...pool.figures },
    loopDelayMs: { p50: p50Ms, p99: p99Ms, max: maxMs },
    cpuMs: { user: cpu.user / 1000, system: cpu.system / 1000 },
    memoryBytes: process.memoryUsage.rss(),
    heldBytes: held.bytes,
    budget: budget?.figures ?? null,
    recordProblem: record?.problem ?? null,
  };
}
