import { describe, expect, test } from 'vitest';
import { randomFor } from '../../lib/numbers/random.ts';
import { judgeLoad } from './judge-load.ts';
import { madeFacts } from './made-facts.ts';
import { worldStep } from './made-world.ts';
import { parseServiceLevel } from './service-level.ts';
import type { StepRecord } from './step-record.ts';

const TERMS = parseServiceLevel('p95(ai_latency_ms)<1000; error_rate<1%', madeFacts());

const HEALTHY = worldStep({ slots: 16, serviceMs: () => 400 }, TERMS, {
  number: 1,
  load: 20,
  length: 'full',
  times: { warmupMs: 0, holdMs: 30_000, expectedLatencyMs: null },
});

/** So many, one after the other into a block by chance. */
function scattered(count: number): number[] {
  const random = randomFor(count, 'blocks');
  const blocks = Array.from({ length: 30 }, () => 0);
  for (let each = 0; each < count; each++) {
    const at = Math.floor(random.next() * 30);
    blocks[at] = (blocks[at] ?? 0) + 1;
  }
  return blocks;
}

/** So many of 600 requests were slow, spread over the step or all in one block. */
function slow(count: number, spread = true): StepRecord {
  const sums = spread ? scattered(count) : Array.from({ length: 30 }, (_, at) => (at === 7 ? count : 0));
  const counts = Array.from({ length: 30 }, () => 20);
  const [latency, errors] = HEALTHY.terms;
  return { ...HEALTHY, terms: [{ ...latency!, sums, counts, value: 1200 }, errors!] };
}

test.each([
  ['nothing slow', slow(0), { state: 'held', isClear: true }],
  ['a tenth of what is allowed', slow(3), { state: 'held', isClear: true }],
  ['just what is allowed', slow(30), { state: 'unclear', leans: 'held' }],
  ['a little more', slow(36), { state: 'unclear', leans: 'broken' }],
  ['twice as much', slow(60), { state: 'broken', isClear: true }],
  ['as much in one stretch, which may be a hiccup', slow(60, false), { state: 'unclear', leans: 'broken' }],
  ['all', slow(600), { state: 'broken', isClear: true }],
  [
    'nothing that succeeded',
    { ...HEALTHY, succeeded: 0, errors: { server: 9 } },
    { state: 'broken', isClear: true },
  ],
  [
    'a queue that surely grew',
    { ...HEALTHY, growth: { score: 45, riseRatio: 1.9 } },
    { state: 'broken', isClear: true },
  ],
  ['one that may have grown', { ...HEALTHY, growth: { score: 29, riseRatio: 0.6 } }, { state: 'unclear' }],
  [
    'a rise of nothing',
    { ...HEALTHY, growth: { score: 45, riseRatio: 0.02 } },
    { state: 'held', isClear: true },
  ],
])('%s', (_title, step, verdict) => {
  expect(judgeLoad([step], TERMS)).toMatchObject(verdict);
});

test('tries are judged together: noise shrinks, and a queue must grow twice', () => {
  expect(judgeLoad([slow(40), slow(44), slow(42)], TERMS)).toMatchObject({ state: 'broken', isClear: true });
  expect(judgeLoad([slow(40), slow(5), slow(4)], TERMS)).toMatchObject({ leans: 'held' });
  const grown = { ...HEALTHY, growth: { score: 29, riseRatio: 0.6 } };
  expect(judgeLoad([grown, grown], TERMS)).toMatchObject({ state: 'broken', isClear: true });
});

test.each([
  [100, 0, { state: 'held', isClear: true }],
  [60, 0, { state: 'unclear', leans: 'held' }],
])('of %i requests %i failed, where 1 %% may', (requests, failed, verdict) => {
  const [latency, errors] = HEALTHY.terms;
  const counts = Array.from({ length: 20 }, () => requests / 20);
  const sums = Array.from({ length: 20 }, () => failed / 20);
  expect(judgeLoad([{ ...HEALTHY, terms: [latency!, { ...errors!, counts, sums }] }], TERMS)).toMatchObject(
    verdict,
  );
});

test('a short look does not count beside a full step', () => {
  const look: StepRecord = { ...slow(600), length: 'short' };
  expect(judgeLoad([look, HEALTHY], TERMS)).toMatchObject({ state: 'held' });
});

describe('what the client did not make', () => {
  const bound = { ...HEALTHY.drive, clientBound: ['k6 used 95 % of this machine'] };
  const short = { ...HEALTHY.drive, shortOf: ['12 requests were not sent'] };

  test('holds nothing', () => {
    const undriven = { state: 'not-driven' };
    expect(judgeLoad([{ ...HEALTHY, drive: short }], TERMS)).toMatchObject(undriven);
    expect(judgeLoad([{ ...HEALTHY, drive: { ...HEALTHY.drive, madeRatio: 0.8 } }], TERMS)).toMatchObject(
      undriven,
    );
  });

  test('holds where it held although the client was slow, which only makes it look worse', () => {
    expect(judgeLoad([{ ...HEALTHY, drive: bound }], TERMS)).toMatchObject({ state: 'held' });
  });

  test('holds nothing where slow users ask for less', () => {
    const users = { ...bound, madeRatio: null };
    expect(judgeLoad([{ ...HEALTHY, drive: users }], TERMS)).toMatchObject({ state: 'not-driven' });
  });

  test('breaks the server only where the client was not the slow one', () => {
    expect(judgeLoad([{ ...slow(300), drive: short }], TERMS)).toMatchObject({ state: 'broken' });
    expect(judgeLoad([{ ...slow(300), drive: bound }], TERMS)).toEqual({
      state: 'not-driven',
      reasons: bound.clientBound,
    });
  });

  test('is made up for by a try that did', () => {
    expect(judgeLoad([{ ...slow(300), drive: bound }, HEALTHY], TERMS)).toMatchObject({ state: 'held' });
  });
});
