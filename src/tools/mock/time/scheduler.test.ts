import { afterEach, expect, test } from 'vitest';
import { randomFor } from '../../../lib/numbers/random.ts';
import { Scheduler, type Timed } from './scheduler.ts';

const open: Scheduler[] = [];
afterEach(() => open.splice(0).forEach((scheduler) => scheduler.close()));

function newScheduler(): Scheduler {
  const scheduler = new Scheduler();
  open.push(scheduler);
  return scheduler;
}

function timed(dueMs: number, run: (nowMs: number) => void): Timed {
  return { dueMs, heapIndex: -1, run };
}

test('everything runs once, in the order of its time, and never early', async () => {
  const scheduler = newScheduler();
  const random = randomFor(3, 'clock');
  const ran: number[] = [];
  const startMs = scheduler.now();
  const dues = Array.from({ length: 500 }, () => startMs + random.next() * 40);
  await new Promise<void>((resolve) => {
    for (const dueMs of dues) {
      const item = timed(dueMs, (nowMs) => {
        expect(nowMs).toBeGreaterThanOrEqual(dueMs);
        ran.push(dueMs);
        if (ran.length === dues.length) resolve();
      });
      scheduler.schedule(item);
    }
  });
  expect(ran).toEqual(dues.toSorted((a, b) => a - b));
});

test('what is taken out does not run, and the rest does', async () => {
  const scheduler = newScheduler();
  const ran: number[] = [];
  const startMs = scheduler.now();
  await new Promise<void>((resolve) => {
    const items = Array.from({ length: 100 }, (_, index) =>
      timed(startMs + ((index * 37) % 50), () => {
        ran.push(index);
        if (ran.length === 50) resolve();
      }),
    );
    for (const item of items) scheduler.schedule(item);
    items.forEach((item, index) => {
      if (index % 2 === 0) scheduler.cancel(item);
    });
    for (const item of items.slice(0, 2)) expect(item.heapIndex === -1).toBe(item === items[0]);
  });
  expect(ran.every((index) => index % 2 === 1)).toBe(true);
});

test('an item may schedule itself again, and others, while it runs', async () => {
  const scheduler = newScheduler();
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    const startMs = scheduler.now();
    const item = timed(startMs, () => {
      times.push(item.dueMs);
      item.dueMs += 1;
      if (times.length < 20) scheduler.schedule(item);
      else scheduler.schedule(timed(startMs, () => resolve()));
    });
    scheduler.schedule(item);
  });
  expect(times.length).toBe(20);
});
