import { expect, test } from 'vitest';
import { AnswerWarnings, warning, WARNING_KINDS, WARNINGS } from './answer-warnings.ts';

test('a warning is its words, and what it is about in one line', () => {
  expect(warning('held_back')).toEqual({ kind: 'held_back', text: WARNINGS.held_back });
  expect(warning('unknown_finish', 'because\nI say so').text).toBe(
    `${WARNINGS.unknown_finish}: because I say so`,
  );
});

test('of each kind the first is kept, and how many there were', () => {
  const warnings = new AnswerWarnings();
  expect(warnings.list()).toEqual([]);
  warnings.add('dropped_event', 'one');
  warnings.add('after_done');
  warnings.add('dropped_event', 'two');
  warnings.add('dropped_event');
  warnings.add('joined_objects');
  warnings.add('joined_objects');
  expect(warnings.list()).toEqual([
    { kind: 'dropped_event', text: `${WARNINGS.dropped_event} (3 times): one` },
    { kind: 'after_done', text: WARNINGS.after_done },
    { kind: 'joined_objects', text: `${WARNINGS.joined_objects} (2 times)` },
  ]);
});

test('every kind has words of its own', () => {
  expect(new Set(Object.values(WARNINGS)).size).toBe(WARNING_KINDS.length);
});
