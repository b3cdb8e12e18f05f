import { expect, test } from 'vitest';
import { Capacity, type Ticket } from './capacity.ts';

/** Enters `count` times; tells which started, in order. */
function enterAll(capacity: Capacity, count: number): { tickets: (Ticket | null)[]; started: number[] } {
  const started: number[] = [];
  const tickets = Array.from({ length: count }, (_, index) => capacity.enter(() => started.push(index)));
  return { tickets, started };
}

test('slots are given at once, then the queue fills, then nobody gets in', () => {
  const capacity = new Capacity(2, 3);
  const { tickets, started } = enterAll(capacity, 7);
  expect(started).toEqual([0, 1]);
  expect(tickets.map((ticket) => ticket !== null)).toEqual([true, true, true, true, true, false, false]);
  expect(capacity.peaks).toEqual({ maxConcurrent: 2, maxQueued: 3 });
});

test('a freed slot goes to who waits longest', () => {
  const { tickets, started } = enterAll(new Capacity(1, 9), 4);
  tickets[0]?.leave();
  tickets[0]?.leave();
  expect(started).toEqual([0, 1]);
  tickets[1]?.leave();
  tickets[2]?.leave();
  expect(started).toEqual([0, 1, 2, 3]);
});

test('who leaves the queue is passed over and frees no slot', () => {
  const capacity = new Capacity(1, 9);
  const { tickets, started } = enterAll(capacity, 3);
  tickets[1]?.leave();
  expect(capacity.active).toBe(1);
  tickets[0]?.leave();
  expect(started).toEqual([0, 2]);
});

test('unlimited slots queue nobody', () => {
  const capacity = new Capacity(Infinity, 0);
  expect(enterAll(capacity, 500).started).toHaveLength(500);
  expect(capacity.peaks.maxQueued).toBe(0);
  capacity.reset();
  expect(capacity.peaks.maxConcurrent).toBe(500);
});
