import { expect, test } from 'vitest';
import { buildSummary } from '../build-summary.ts';
import { readK6Data } from '../k6-data.ts';
import { madeContext, madeCounter, madeTrend } from '../made-data.ts';
import { askedQuantile, measuredSuccesses, trustEvidence } from './trust-evidence.ts';

const { totals } = buildSummary(
  {
    metrics: {
      ai_requests_finished: madeCounter(9),
      ai_requests_succeeded: madeCounter(8),
      'ai_requests_started{phase:warmup}': madeCounter(3),
      dropped_iterations: madeCounter(2),
    },
  },
  madeContext(),
);

const UNKNOWN_LOAD = { model: 'closed', iterations: null, segment: null, deliveredRatio: null } as const;

test('what k6 tells of a run’s health; the rest is not held against it', () => {
  const thresholds = { 'p(95)<1': { ok: true }, 'p(95)<2': { ok: true }, 'p(99)<9': { ok: true } };
  const data = readK6Data({
    metrics: {
      // No percentile that anybody asked for.
      ai_schedule_lag_ms: { ...madeTrend(70), thresholds: { 'p(95)<=1000': { ok: true } } },
      ai_meter_overhead_ms: madeTrend(4),
      ai_latency_ms: { ...madeTrend(5), thresholds: { ...thresholds, 'max>0': { ok: true } } },
      http_req_duration: { ...madeTrend(5), thresholds },
    },
  });
  expect(
    trustEvidence(data, totals, { model: 'open', iterations: null, segment: null, deliveredRatio: 0.98 }),
  ).toEqual({
    requestsFinished: 9,
    succeeded: 8,
    warmupRequests: 3,
    droppedIterations: 2,
    load: { model: 'open', iterations: null, segment: null, deliveredRatio: 0.98 },
    deliveredRatio: 0.98,
    scheduleLagP95Ms: 70,
    scheduleLagP99Ms: 70,
    clientCpuRatio: null,
    machineCpuRatio: null,
    meterLoopDelayP99Ms: null,
    meterHopP99Ms: 4,
    addedTtft: null,
    percentiles: [
      { metric: 'ai_latency_ms', q: 0.95, count: 9, interval: null },
      { metric: 'ai_latency_ms', q: 0.99, count: 9, interval: null },
    ],
  });
  expect(trustEvidence(readK6Data(null), { ...totals, droppedIterations: null }, UNKNOWN_LOAD)).toMatchObject(
    {
      droppedIterations: 0,
      scheduleLagP99Ms: null,
      meterHopP99Ms: null,
      percentiles: [],
    },
  );
});

test('successes outside the warm-up, where they are counted apart', () => {
  expect(measuredSuccesses({ 'ai_requests_succeeded{phase:main}': { count: 5 } }, totals)).toBe(5);
  expect(measuredSuccesses({}, totals)).toBe(8);
});

test.each([
  ['p(95)<5', 0.95],
  ['p(99.9)<5', 0.999],
  ['p(0)<5', 0],
  ['p(100)<5', 1],
  ['p(101)<5', null],
  ['p(-1)<5', null],
  ['med<5', null],
  ['what is no threshold', null],
])('%s asks for the quantile %s', (expression, q) => {
  expect(askedQuantile(expression)).toBe(q);
});
