import { describe, expect, test } from 'vitest';
import type { FaultName } from '../faults/faults.ts';
import { endingOf, paceStream } from './pacing.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';

const PLAN: AnswerPlan = {
  ttftMs: 200,
  tpotMs: 0.1,
  outputTokens: 10,
  reasoningTokens: 0,
  finish: 'stop',
  tool: null,
  isOldCall: false,
  toolInput: { opening: '', closing: '', isBlank: false },
  mark: null,
  wordOffset: 0,
  choices: 1,
  json: null,
};

function pace(faults: readonly (readonly [FaultName, number])[], plan: Partial<AnswerPlan> = {}) {
  return paceStream({ ...PLAN, ...plan }, new Map(faults), 1000);
}

describe('event times', () => {
  test('are counted from the start, so that nothing drifts', () => {
    const { dueMs, events } = pace([], { outputTokens: 100_000 });
    expect(events).toBe(100_000);
    expect(dueMs(0)).toBe(1200);
    expect(dueMs(99_999)).toBe(1200 + 99_999 * 0.1);
    expect(dueMs(100_000)).toBe(dueMs(99_999));
  });

  test('shift by a stall in the middle', () => {
    const { dueMs, middle } = pace([['stall', 50]]);
    expect(middle).toBe(5);
    expect(dueMs(4)).toBe(1200 + 4 * 0.1);
    expect(dueMs(5)).toBe(1200 + 5 * 0.1 + 50);
  });

  test('are all the last one when held back', () => {
    const { dueMs } = pace([['held_back', 0]]);
    expect([dueMs(0), dueMs(10)]).toEqual([1200 + 9 * 0.1, 1200 + 9 * 0.1]);
  });

  test('are those of the first token of several in one event', () => {
    const { dueMs, events } = pace([['multi_token', 4]], { tpotMs: 1 });
    expect(events).toBe(3);
    expect([0, 1, 2].map(dueMs)).toEqual([1200, 1204, 1208]);
  });

  test('of an empty answer are its end', () => {
    const { dueMs, events } = pace([], { outputTokens: 0 });
    expect([events, dueMs(0)]).toEqual([0, 1200]);
  });
});

describe('the place where an answer breaks off', () => {
  test.each([
    [[], null],
    [[['reset', -1]], 5],
    [[['cut', 0]], 0],
    [[['cut', 3]], 3],
    [[['error_event', 99]], 10],
    [[['stall', 5]], null],
  ] as const)('%j: before event %s', (faults, place) => expect(pace(faults).breakBefore).toBe(place));

  test('of an answer of one token is after it', () => {
    expect(pace([['reset', -1]], { outputTokens: 1 }).breakBefore).toBe(1);
  });

  test('is one, if two are asked for', () => {
    expect(endingOf(new Map([['cut', 0] as const, ['reset', 0] as const]))).toBe('reset');
  });
});
