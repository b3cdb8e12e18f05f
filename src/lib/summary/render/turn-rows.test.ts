import { expect, test } from 'vitest';
import { statsOfValues } from '../stats-of-values.ts';
import { sessionSentence, turnRows, turnTitles } from './turn-rows.ts';

const NONE = statsOfValues(undefined);
const TURN = {
  turn: '1',
  requests: 9,
  succeeded: 8,
  errorRatio: 0.11,
  latencyMs: statsOfValues({ count: 8, med: 200, 'p(95)': 300 }),
  ttftMs: statsOfValues({ count: 8, med: 150 }),
  inputTokens: 90,
  cachedInputTokens: 45,
  outputTokens: 10,
  cachedRatio: 0.5,
};

test('a row for each turn that was asked, with first tokens where there are streams', () => {
  const turns = [TURN, { ...TURN, turn: '2', requests: 0, succeeded: 0 }];
  expect(turnRows({ turns, stream: false })).toEqual([['1', '8', '1', '200', '300', '90', '50 %']]);
  expect(turnRows({ turns, stream: true })).toEqual([['1', '8', '1', '200', '300', '150', '90', '50 %']]);
  expect(turnRows({ turns: null, stream: true })).toEqual([]);
  for (const stream of [true, false])
    expect(turnTitles({ stream })).toHaveLength(turnRows({ turns, stream })[0]?.length ?? 0);
});

test.each([
  [null, null],
  [{ complete: 3, broken: 0, durationMs: NONE }, '3 sessions complete'],
  [{ complete: 3, broken: 2, durationMs: NONE }, '3 sessions complete, 2 broken off by a turn that failed'],
  [
    { complete: 3, broken: 0, durationMs: statsOfValues({ count: 3, med: 4000, 'p(95)': 9000 }) },
    '3 sessions complete, 4.0 s at p50 and 9.0 s at p95 from first request to last answer',
  ],
])('sessions in a sentence: %#', (sessions, sentence) => {
  expect(sessionSentence({ sessions })).toBe(sentence);
});
