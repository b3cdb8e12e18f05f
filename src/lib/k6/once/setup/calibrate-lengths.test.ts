import { expect, test } from 'vitest';
import { UNKNOWN_USAGE } from '../../../answer/attempt.ts';
import { failureOf } from '../../../answer/failure/classify-failure.ts';
import { calibrateLengths } from './calibrate-lengths.ts';

test('a prompt that the server refuses is told as that, not as a missing count', () => {
  const { note } = calibrateLengths(1, ([message]) =>
    (message?.content ?? '').length < 500
      ? { outcome: { kind: 'ok' }, usage: { ...UNKNOWN_USAGE, inputTokens: 50 } }
      : { outcome: failureOf('empty', 'the stream held no event'), usage: UNKNOWN_USAGE },
  );
  expect(note).toBe(
    'a prompt of 240 tokens failed, empty: the stream held no event; so prompt lengths are estimates',
  );
});

test('an answer without counts is told as that', () => {
  const { note } = calibrateLengths(1, () => ({ outcome: { kind: 'ok' }, usage: UNKNOWN_USAGE }));
  expect(note).toBe('the server reported no token counts; so prompt lengths are estimates');
});
