import { expect, test } from 'vitest';
import { encodeHeader } from '../../lib/samples/sample-header.ts';
import { encodeSample } from '../../lib/samples/sample.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { madeHeader, madeRecord } from '../results/made-samples.ts';
import { RunProgress } from './run-progress.ts';

const HEADER = madeHeader({
  stages: [
    {
      testType: 'stress',
      unit: 'ratePerSec',
      points: [
        [0, 1],
        [60_000, 1],
      ],
    },
  ],
  thresholds: [
    { metric: 'error_rate', expression: 'rate<0.05' },
    { metric: 'ai_latency_ms', expression: 'p(95)<5000' },
    { metric: 'ai_requests_succeeded', expression: 'count>0' },
    { metric: 'ai_errors', expression: 'count<30' },
    { metric: 'checks', expression: 'rate>0.95' },
  ],
});
/** The load began here, by the wall clock. */
const ZERO_MS = HEADER.zeroWallClockMs + HEADER.loadStartsAtMs;

function progressAt(elapsedMs: number, budgetUsd: number | null = null): RunProgress {
  return new RunProgress({ budgetUsd, wallClock: () => ZERO_MS + elapsedMs });
}

function feed(take: (line: string) => void, records: readonly Partial<SampleRecord>[]): void {
  for (const record of records) take(encodeSample(madeRecord(record)));
}

test('knows nothing before the load begins', () => {
  const progress = progressAt(0);
  progress.follow();
  expect([progress.elapsedMs(), progress.plannedMs(), progress.header, progress.spentUsd]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(progress.judge()).toEqual([]);
});

test('several k6s are one run: requests, dollars and users add up', () => {
  const progress = progressAt(30_000);
  for (const users of [3, 4]) {
    const take = progress.follow();
    take(encodeHeader(HEADER));
    feed(take, [
      { vus: 1, costUsd: 0.5 },
      { vus: users, costUsd: 0.25 },
    ]);
  }
  expect([progress.requests, progress.spentUsd, progress.users()]).toEqual([4, 1.5, 7]);
  expect(progress.figures.total('vus')).toBe(7);
  expect([progress.elapsedMs(), progress.plannedMs()]).toEqual([30_000, 60_000]);
});

test('the clock stops with the last k6', () => {
  let now = ZERO_MS + 5000;
  const progress = new RunProgress({ budgetUsd: null, wallClock: () => now });
  progress.follow()(encodeHeader(HEADER));
  progress.end();
  now += 60_000;
  expect(progress.elapsedMs()).toBe(5000);
});

test('tells the first error of each kind once, with its model and status', () => {
  const progress = progressAt(30_000);
  const take = progress.follow();
  take(encodeHeader(HEADER));
  feed(take, [
    {},
    { outcome: 'server', status: 500, atMs: 1500, endMs: 500, latencyMs: null },
    { outcome: 'server', status: 502, latencyMs: null },
    { outcome: 'timeout', status: 0, model: 'b', latencyMs: null },
  ]);
  expect(progress.events.list).toEqual([
    { atMs: 1500, text: 'first error: server of a, HTTP 500' },
    { atMs: 600, text: 'first of its kind: timeout of b' },
  ]);
});

test('judges as far as samples tell, and tells a threshold that breaks once, when there is enough to say so', () => {
  const progress = progressAt(30_000);
  const take = progress.follow();
  take(encodeHeader(HEADER));
  feed(take, [{ outcome: 'server', status: 500, latencyMs: null }]);
  const judged = progress.judge();
  expect(judged.map(({ metric, met }) => [metric, met])).toEqual([
    ['error_rate', false],
    ['ai_latency_ms', null],
    ['ai_requests_succeeded', null],
    ['ai_errors', true],
    ['checks', null],
  ]);
  expect(progress.events.list.map(({ text }) => text)).toEqual(['first error: server of a, HTTP 500']);
  feed(
    take,
    Array.from({ length: 29 }, () => ({ outcome: 'server', status: 500, latencyMs: null }) as const),
  );
  for (let each = 0; each < 3; each++) progress.judge();
  expect(progress.events.list.slice(1)).toEqual([
    { atMs: 30_000, text: 'threshold broken: error_rate rate<0.05' },
    { atMs: 30_000, text: 'threshold broken: ai_errors count<30' },
  ]);
});

test('tells once that most of the budget is spent', () => {
  const progress = progressAt(30_000, 1);
  const take = progress.follow();
  take(encodeHeader(HEADER));
  feed(take, [{ costUsd: 0.79 }]);
  progress.judge();
  expect(progress.events.list).toEqual([]);
  feed(take, [{ costUsd: 0.05 }]);
  progress.judge();
  progress.judge();
  expect(progress.events.list).toEqual([{ atMs: 30_000, text: 'budget: 84 % of $1.00 is spent' }]);
});
