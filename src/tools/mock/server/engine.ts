import type { Random } from '../../../lib/numbers/random.ts';
import { WholeAnswer } from '../chat/whole-answer.ts';
import type { Capacity, Ticket } from '../limits/capacity.ts';
import type { MockAsk } from '../chat/mock-ask.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { FAULT_SPECS, type FaultName, type FaultSet } from '../faults/faults.ts';
import { asciiJson } from '../../../lib/kinds/mock/ascii-json.ts';
import type { HeaderLines } from '../../http1/render-head.ts';
import type { MockExchange } from './mock-exchange.ts';
import type { ModelTiming } from '../chat/models.ts';
import { planAnswer } from '../chat/plan-answer.ts';
import type { KeptAnswers } from '../chat/kept-answers.ts';
import type { PromptCache } from '../limits/prompt-cache.ts';
import type { RequestLog } from '../truth/request-log.ts';
import { StreamAnswer } from '../chat/stream-answer.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';
import type { ToldUsage } from '../../../lib/kinds/mock/mock-format.ts';
import type { MockPart } from '../../../lib/kinds/mock/mock-part.ts';

/** What generations share. */
export type Engine = {
  scheduler: Scheduler;
  capacity: Capacity;
  /** By how much of itself each other running generation lengthens the time between tokens. */
  batchSlowdownRatio: number;
  /** Prompt tokens read a second; null: at once. */
  prefillTokensPerSec: number | null;
  /** Tokens a second that all running generations share; null: no limit. */
  decodeTokensPerSec: number | null;
  promptCache: PromptCache | null;
  kept: KeptAnswers;
};

/** A request that is to be answered with a generation. */
export type Work = {
  exchange: MockExchange;
  log: RequestLog;
  part: MockPart;
  ask: MockAsk;
  timing: ModelTiming;
  faults: FaultSet;
  random: Random;
  headers: HeaderLines;
};

const HANG_LIMIT_MS = 600_000;

/** Waits for a slot and starts the answer; false: the queue is full. */
export function enterQueue(engine: Engine, work: Work): boolean {
  const { exchange, log, ask, faults } = work;
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
  for (const name of faults.keys()) if (takesEffect(name, ask.stream)) log.faulted(name);
  return true;
}

function begin(engine: Engine, work: Work, slot: { startMs: number; leave: () => void }): void {
  const { exchange, log, part, ask, faults, random, headers, timing } = work;
  const { startMs, leave } = slot;
  const drawn = planAnswer({ timing, request: ask, faults, random, part });
  const told = usageOf(engine, ask, drawn);
  const plan = { ...drawn, ...paceOf(engine, drawn, told) };
  log.started(plan, startMs);
  const generation = {
    scheduler: engine.scheduler,
    kept: engine.kept,
    exchange,
    log,
    format: part.format,
    ask,
    identity: {
      id: `${part.format.idPrefix}-${log.id}`,
      modelJson: asciiJson(ask.model),
      createdUnixSec: Math.floor(Date.now() / 1000),
    },
    headers,
    plan,
    faults,
    usage: shownUsage(told, ask, faults),
    startMs,
    onOver: leave,
  };
  const answer = ask.stream ? new StreamAnswer(generation) : new WholeAnswer(generation);
  answer.start();
}

/** As fast as what it shares with others lets it be. */
function paceOf(
  { batchSlowdownRatio, prefillTokensPerSec, decodeTokensPerSec, capacity }: Engine,
  { ttftMs, tpotMs }: Pick<AnswerPlan, 'ttftMs' | 'tpotMs'>,
  { inputTokens, cachedInputTokens }: ToldUsage,
): Pick<AnswerPlan, 'ttftMs' | 'tpotMs'> {
  const slowedMs = tpotMs * (1 + batchSlowdownRatio * (capacity.active - 1));
  const sharedMs = decodeTokensPerSec === null ? 0 : (capacity.active / decodeTokensPerSec) * 1000;
  const prefillMs =
    prefillTokensPerSec === null ? 0 : ((inputTokens - cachedInputTokens) / prefillTokensPerSec) * 1000;
  return { ttftMs: ttftMs + prefillMs, tpotMs: Math.max(slowedMs, sharedMs) };
}

function usageOf(
  engine: Engine,
  ask: MockAsk,
  plan: Pick<AnswerPlan, 'outputTokens' | 'reasoningTokens' | 'choices'>,
): ToldUsage {
  // What has no next token has no cache of the ones before.
  const cached = ask.items !== null ? 0 : (engine.promptCache?.lookUp(ask.model, ask.prompt) ?? 0);
  return {
    inputTokens: ask.promptTokens,
    cachedInputTokens: Math.max(0, Math.min(cached, ask.promptTokens - 1)),
    outputTokens: plan.outputTokens * plan.choices,
    reasoningTokens: plan.reasoningTokens * plan.choices,
  };
}

function shownUsage(usage: ToldUsage, ask: MockAsk, faults: FaultSet): ToldUsage | null {
  if (faults.has('no_usage') || (ask.stream && !ask.includeUsage)) return null;
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
