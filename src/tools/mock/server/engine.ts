import type { Random } from '../../../lib/numbers/random.ts';
import { WholeAnswer } from '../chat/whole-answer.ts';
import type { Capacity, Ticket } from '../limits/capacity.ts';
import type { ChatRequest } from '../chat/chat-request.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { FAULT_SPECS, type FaultName, type FaultSet } from '../faults/faults.ts';
import { asciiJson } from './answer-text.ts';
import type { HeaderLines } from '../../http1/render-head.ts';
import type { MockExchange } from './mock-exchange.ts';
import type { ModelTiming } from '../chat/models.ts';
import { planAnswer } from '../chat/plan-answer.ts';
import type { PromptCache } from '../limits/prompt-cache.ts';
import type { RequestLog } from '../truth/request-log.ts';
import { StreamAnswer } from '../chat/stream-answer.ts';
import type { ToldUsage, WireFormat } from '../chat/wire/wire-format.ts';

/** What generations share. */
export type Engine = {
  scheduler: Scheduler;
  capacity: Capacity;
  /** By how much of itself each other running generation lengthens the time between tokens. */
  batchSlowdownRatio: number;
  promptCache: PromptCache | null;
};

/** A chat request that is to be answered with a generation. */
export type Work = {
  exchange: MockExchange;
  log: RequestLog;
  format: WireFormat;
  chat: ChatRequest;
  timing: ModelTiming;
  faults: FaultSet;
  random: Random;
  headers: HeaderLines;
};

const HANG_LIMIT_MS = 600_000;

/** Waits for a slot and starts the answer; false: the queue is full. */
export function enterQueue(engine: Engine, work: Work): boolean {
  const { exchange, log, chat, faults } = work;
  let ticket: Ticket | null = null;
  const start = (): void => {
    // Without a ticket yet, it did not have to wait: its times count from its arrival.
    const startMs = ticket === null ? exchange.request.arrivalMs : engine.scheduler.now();
    begin(engine, work, { startMs, leave: () => ticket?.leave() });
  };
  exchange.onClientLeft(() => {
    ticket?.leave();
    log.ended('aborted', null);
  });
  ticket = engine.capacity.enter(start);
  if (ticket === null) return false;
  for (const name of faults.keys()) if (takesEffect(name, chat.stream)) log.faulted(name);
  return true;
}

function begin(engine: Engine, work: Work, slot: { startMs: number; leave: () => void }): void {
  const { exchange, log, format, chat, faults, random, headers, timing } = work;
  const { startMs, leave } = slot;
  const drawn = planAnswer({ timing, request: chat, faults, random });
  const slowdown = 1 + engine.batchSlowdownRatio * (engine.capacity.active - 1);
  const plan = { ...drawn, tpotMs: drawn.tpotMs * slowdown };
  log.started(plan, startMs);
  const told = usageOf(engine, chat, plan);
  const generation = {
    scheduler: engine.scheduler,
    exchange,
    log,
    format,
    identity: {
      id: `${chat.wire === 'openai' ? 'chatcmpl' : 'msg'}-${log.id}`,
      modelJson: asciiJson(chat.model),
      createdUnixSec: Math.floor(Date.now() / 1000),
    },
    headers,
    plan,
    faults,
    usage: shownUsage(told, chat, faults),
    startMs,
    onOver: leave,
  };
  const answer = chat.stream ? new StreamAnswer(generation) : new WholeAnswer(generation);
  answer.start();
}

function usageOf(
  engine: Engine,
  chat: ChatRequest,
  plan: { outputTokens: number; reasoningTokens: number },
): ToldUsage {
  const cached = engine.promptCache?.lookUp(chat.model, chat.prompt) ?? 0;
  return {
    inputTokens: chat.promptTokens,
    cachedInputTokens: Math.min(cached, chat.promptTokens - 1),
    outputTokens: plan.outputTokens,
    reasoningTokens: plan.reasoningTokens,
  };
}

function shownUsage(usage: ToldUsage, chat: ChatRequest, faults: FaultSet): ToldUsage | null {
  if (faults.has('no_usage') || (chat.stream && !chat.includeUsage)) return null;
  if (!faults.has('zero_usage')) return usage;
  return { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };
}

function takesEffect(name: FaultName, stream: boolean): boolean {
  const { group, blocking } = FAULT_SPECS[name];
  return group !== 'refusal' && (stream || blocking !== 'ignored');
}

/** Gives no answer until the client leaves. It holds no slot. */
export function beginHang({ scheduler }: Engine, { exchange, log }: Work): void {
  log.faulted('hang');
  const limit = {
    dueMs: scheduler.now() + HANG_LIMIT_MS,
    heapIndex: -1,
    run: (): void => {
      exchange.breakOff('fin');
      log.ended('hang', 'network');
    },
  };
  exchange.onClientLeft(() => {
    scheduler.cancel(limit);
    log.ended('hang', 'timeout');
  });
  scheduler.schedule(limit);
}
