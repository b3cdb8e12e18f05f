import type { FaultSet } from '../faults/faults.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';

/** When the events of one stream are due. Event i holds the tokens from i × tokensPerEvent on. */
export type Pacing = {
  /** Content events; 0 for an empty answer. */
  events: number;
  tokensPerEvent: number;
  /** The first event that does not come, because the answer breaks off before it; null: all come. */
  breakBefore: number | null;
  /** A pause, a broken event: before this event. */
  middle: number;
  /** When event `index` is due, or the end, for `index` = `events`; ms on the clock of `startMs`. */
  dueMs: (index: number) => number;
};

/**
 * Settles it all at the start: each time is counted from there, so that nothing drifts. The end mark comes with
 * the last token.
 */
export function paceStream(plan: AnswerPlan, faults: FaultSet, startMs: number): Pacing {
  const tokensPerEvent = Math.max(1, faults.get('multi_token') ?? 1);
  const events = Math.ceil(plan.outputTokens / tokensPerEvent);
  const middle = Math.ceil(events / 2);
  const stallMs = faults.get('stall') ?? 0;
  const firstMs = startMs + plan.ttftMs;
  const eventMs = plan.tpotMs * tokensPerEvent;
  const inTurn = (index: number): number => firstMs + index * eventMs + (index >= middle ? stallMs : 0);
  const lastMs = inTurn(Math.max(0, events - 1));
  const heldBack = faults.has('held_back');
  return {
    events,
    tokensPerEvent,
    breakBefore: breakBefore(events, faults),
    middle,
    dueMs: (index) => (heldBack || index >= events ? lastMs : inTurn(index)),
  };
}

/** The faults that break an answer off, first come first served. */
export const ENDINGS = ['reset', 'cut', 'truncated_chunk', 'interrupted', 'error_event'] as const;

export type AnswerEnding = (typeof ENDINGS)[number];

/** The ending of a request's faults; null: none. */
export function endingOf(faults: FaultSet): AnswerEnding | null {
  return ENDINGS.find((name) => faults.has(name)) ?? null;
}

function breakBefore(events: number, faults: FaultSet): number | null {
  const ending = endingOf(faults);
  if (ending === null) return null;
  const after = faults.get(ending) ?? -1;
  return after < 0 ? Math.ceil(events / 2) : Math.min(after, events);
}
