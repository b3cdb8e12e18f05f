import { expect, test } from 'vitest';
import { judgeTrust, percentLabel, type TrustEvidence } from './judge-trust.ts';

const HEALTHY: TrustEvidence = {
  requestsFinished: 1000,
  succeeded: 990,
  droppedIterations: 0,
  scheduleLagP99Ms: 12,
  clientCpuRatio: 0.4,
  meterLoopDelayP99Ms: 2,
  meterHopP99Ms: 3,
  percentiles: [{ metric: 'ai_latency_ms', q: 0.99, count: 990, interval: { low: 900, high: 1100 } }],
};

test.each<[string, Partial<TrustEvidence>, string, RegExp | null]>([
  ['a healthy run', {}, 'valid', null],
  [
    'one of which nothing but the counts is known',
    { scheduleLagP99Ms: null, clientCpuRatio: null, meterLoopDelayP99Ms: null, meterHopP99Ms: null },
    'valid',
    null,
  ],
  ['no request', { requestsFinished: 0, succeeded: 0 }, 'nothing-measured', /no request was finished/],
  ['no success', { succeeded: 0 }, 'nothing-measured', /none of 1000 finished requests succeeded/],
  ['dropped iterations', { droppedIterations: 25 }, 'underdelivered', /25 iterations were dropped/],
  ['late requests', { scheduleLagP99Ms: 101 }, 'underdelivered', /schedule lag p99 was 101 ms/],
  ['a busy client', { clientCpuRatio: 0.93 }, 'client-bound', /93 % of this machine's CPU, above 80 %/],
  ['a late meter', { meterLoopDelayP99Ms: 55 }, 'client-bound', /event loop was late by 55 ms/],
  ['a slow hop', { meterHopP99Ms: 150 }, 'client-bound', /hop from k6 to the meter took 150 ms/],
  [
    'too few samples for the percentile asked',
    { percentiles: [{ metric: 'ai_latency_ms', q: 0.99, count: 367, interval: { low: 1.25, high: null } }] },
    'too-short',
    /p99 of ai_latency_ms rests on 367 samples; it takes 368 to bound it; the true value may lie anywhere above 1\.3 ms/,
  ],
  [
    'just enough of them',
    { percentiles: [{ metric: 'ai_latency_ms', q: 0.99, count: 368, interval: null }] },
    'valid',
    null,
  ],
  [
    'a percentile of a metric that the transport cannot see',
    { percentiles: [{ metric: 'ai_ttft_ms', q: 0.95, count: 0, interval: null }] },
    'valid',
    null,
  ],
])('%s', (_, change, state, reason) => {
  const trust = judgeTrust({ ...HEALTHY, ...change });
  expect(trust.state).toBe(state);
  if (reason === null) expect(trust.reasons).toEqual([]);
  else expect(trust.reasons.join('\n')).toMatch(reason);
});

test('the gravest finding gives the state, and every finding its reason', () => {
  const trust = judgeTrust({ ...HEALTHY, droppedIterations: 1, clientCpuRatio: 1 });
  expect(trust.state).toBe('underdelivered');
  expect(trust.reasons).toHaveLength(2);
});

test('labels percentiles without rounding noise', () => {
  expect([0.95, 0.99, 0.999, 0.07].map(percentLabel)).toEqual(['95', '99', '99.9', '7']);
});
