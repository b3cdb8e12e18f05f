import { expect, test } from 'vitest';
import { createUnitStream } from './random.ts';
import { shuffled } from './shuffled.ts';

test('each order comes as often as any other, and loses nothing', () => {
  const unit = createUnitStream(42, 'order');
  const counts = new Map<string, number>();
  for (let round = 0; round < 6000; round += 1) {
    const order = shuffled(['a', 'b', 'c'], (index) => unit(round * 3 + index)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a draw of 1, which no stream makes, is the last', () => {
  expect(shuffled(['a', 'b'], () => 1)).toEqual(['b', 'a']);
});
