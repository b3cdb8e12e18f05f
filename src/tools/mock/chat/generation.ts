import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import type { Scheduler } from '../time/scheduler.ts';
import { FAULT_SPECS, type FaultSet } from '../faults/faults.ts';
import type { HeaderLines } from '../../http1/render-head.ts';
import type { After, MockExchange } from '../server/mock-exchange.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { MockAsk } from './mock-ask.ts';
import type { RequestLog } from '../truth/request-log.ts';
import type { AnswerEnd } from '../truth/request-record.ts';
import type { AnswerIdentity, ToldUsage, MockFormat } from '../../../lib/kinds/mock/mock-format.ts';

/** One answer that is being written: all that those who write it need. */
export type Generation = {
  scheduler: Scheduler;
  kept: KeptAnswers;
  exchange: MockExchange;
  log: RequestLog;
  format: MockFormat;
  identity: AnswerIdentity;
  headers: HeaderLines;
  plan: AnswerPlan;
  ask: MockAsk;
  faults: FaultSet;
  /** What to tell; null: nothing. */
  usage: ToldUsage | null;
  /** When its slot was there: all its times count from here. */
  startMs: number;
  /** Called once, when it is over whichever way. */
  onOver: () => void;
};

/** Before an RST the client gets so long to read what came, ms: an RST may destroy what is on its way. */
export const RESET_DELAY_MS = 10;

/** What the connection does after an answer. */
export function afterAnswer(faults: FaultSet): After {
  const silent = faults.get('silent_close');
  if (silent === undefined) return 'as-asked';
  return silent === 0 ? 'drop-next' : 'close';
}

/** What a right client counts for an answer that was begun with these faults; null: a success. */
export function errorKindOf(faults: FaultSet, stream: boolean): ErrorKind | null {
  for (const name of faults.keys()) {
    const { group, streamed, blocking } = FAULT_SPECS[name];
    const kind = stream ? streamed : blocking;
    if (group !== 'refusal' && kind !== null && kind !== 'ignored') return kind;
  }
  return null;
}

/** Ends a generation in its log, and frees its slot. */
export function endGeneration(generation: Generation, end: AnswerEnd, errorKind: ErrorKind | null): void {
  const { log, kept, ask, identity, plan } = generation;
  log.ended(end, errorKind);
  if (ask.kept !== null && end === 'whole' && errorKind === null)
    kept.keep(identity.id, { asked: ask.kept, plan });
  generation.onOver();
}
