import { expect, test } from 'vitest';
import { trustLines } from './trust-lines.ts';
import { clientBoundReasons, judgeTrust, percentLabel, type TrustEvidence } from './judge-trust.ts';

const HEALTHY: TrustEvidence = {
  requestsFinished: 1000,
  succeeded: 990,
  warmupRequests: 0,
  droppedIterations: 0,
  load: { model: 'open', iterations: null, segment: null },
  deliveredRatio: 1,
  scheduleLagP95Ms: 8,
  scheduleLagP99Ms: 12,
  clientCpuRatio: 0.4,
  machineCpuRatio: 0.7,
  meterLoopDelayP99Ms: 2,
  meterHopP99Ms: 3,
  addedTtft: { addedMs: 3, seenMs: 200, sentence: 'this machine adds 3.0 ms to TTFT at 400 open streams' },
  percentiles: [{ metric: 'ai_latency_ms', q: 0.99, count: 990, interval: { low: 900, high: 1100 } }],
};

test.each<[string, Partial<TrustEvidence>, string, RegExp | null]>([
  ['a healthy run', {}, 'valid', null],
  [
    'one of which nothing but the counts is known',
    {
      deliveredRatio: null,
      scheduleLagP95Ms: null,
      scheduleLagP99Ms: null,
      clientCpuRatio: null,
      machineCpuRatio: null,
      meterLoopDelayP99Ms: null,
      meterHopP99Ms: null,
    },
    'valid',
    null,
  ],
  ['no request', { requestsFinished: 0, succeeded: 0 }, 'nothing-measured', /no request was finished/],
  ['no success', { succeeded: 0 }, 'nothing-measured', /none of 1000 finished requests succeeded/],
  [
    'iterations of a rate that no VU was free for',
    { droppedIterations: 25 },
    'underdelivered',
    /^25 iterations were dropped: no VU was free.*LLM_MAX_VUS/,
  ],
  [
    'iterations of a fixed number that there was no time for',
    { droppedIterations: 15, load: { model: 'iterations', iterations: 20, segment: null } },
    'underdelivered',
    /^15 of 20 iterations were never begun: the time for them was over \(maxDuration(?!.*LLM_MAX_VUS)/,
  ],
  [
    'those of a part, which is not told how many are its own',
    { droppedIterations: 5, load: { model: 'iterations', iterations: 20, segment: '0:1/2' } },
    'underdelivered',
    /^5 iterations were never begun/,
  ],
  [
    'iterations of which nobody can say whose they were',
    { droppedIterations: 3, load: { model: 'open', iterations: 20, segment: null } },
    'underdelivered',
    /LLM_MAX_VUS.*or the time of those of a fixed number was over/,
  ],
  [
    'nothing but warm-up',
    { requestsFinished: 40, succeeded: 0, warmupRequests: 40 },
    'nothing-measured',
    /all of its 40 requests were warm-up/,
  ],
  ['a load that was hardly made', { deliveredRatio: 0.004 }, 'underdelivered', /0\.40 % was started/],
  ['a load that was made but for a little', { deliveredRatio: 0.96 }, 'valid', null],
  [
    'a machine without an idle core',
    { clientCpuRatio: 0.5, machineCpuRatio: 0.99 },
    'client-bound',
    /CPU was 99 % busy \(k6 itself 50 %\)/,
  ],
  [
    'one that others use up, while k6 hardly needs it',
    { clientCpuRatio: 0.05, machineCpuRatio: 1 },
    'valid',
    null,
  ],
  [
    'late requests',
    { scheduleLagP99Ms: 101 },
    'client-bound',
    /^requests started late: schedule lag p99 was 101 ms/,
  ],
  [
    'requests that are late by more than a second',
    { scheduleLagP95Ms: 1001, scheduleLagP99Ms: 3000 },
    'underdelivered',
    /the schedule was not kept: schedule lag p95 was 1001 ms/,
  ],
  ['a busy client', { clientCpuRatio: 0.93 }, 'client-bound', /93 % of this machine's CPU, above 80 %/],
  [
    'a machine that adds a good part of the TTFT itself',
    {
      addedTtft: {
        addedMs: 30,
        seenMs: 200,
        sentence: 'this machine adds 30 ms to TTFT at 900 open streams',
      },
    },
    'client-bound',
    /^this machine adds 30 ms to TTFT at 900 open streams, more than 10 % of the median TTFT of 200 ms$/,
  ],
  ['a late meter', { meterLoopDelayP99Ms: 55 }, 'client-bound', /event loop was late by 55 ms/],
  ['a slow hop', { meterHopP99Ms: 150 }, 'client-bound', /hop from k6 to the meter took 150 ms/],
  [
    'too few samples for the percentile asked',
    { percentiles: [{ metric: 'ai_latency_ms', q: 0.99, count: 367, interval: { low: 1.25, high: null } }] },
    'too-short',
    /p99 of ai_latency_ms rests on 367 samples; it takes 368 to bound it; were its requests independent, the true value may lie anywhere above 1\.3 ms/,
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

test('what is at a limit is within it', () => {
  const atLimits: Partial<TrustEvidence> = {
    deliveredRatio: 0.95,
    scheduleLagP95Ms: 1000,
    scheduleLagP99Ms: 100,
    clientCpuRatio: 0.8,
    machineCpuRatio: 0.97,
    meterLoopDelayP99Ms: 20,
    meterHopP99Ms: 100,
    addedTtft: { addedMs: 20, seenMs: 200, sentence: 'adds' },
  };
  expect(judgeTrust({ ...HEALTHY, ...atLimits })).toEqual({ state: 'valid', reasons: [] });
  // A machine without an idle core matters once k6 takes more than a quarter of it.
  expect(judgeTrust({ ...HEALTHY, machineCpuRatio: 1, clientCpuRatio: 0.25 }).state).toBe('valid');
});

test('a warm-up that was not all there was is not why nothing was measured', () => {
  const { reasons } = judgeTrust({ ...HEALTHY, succeeded: 0, warmupRequests: 40, requestsFinished: 50 });
  expect(reasons).toEqual(['none of 50 finished requests succeeded, so there is no latency to speak of']);
});

test.each([
  [{ low: 1.25, high: 9 }, 'the true value would lie from 1.3 ms to 9 ms'],
  [{ low: 1.25, high: null }, 'the true value may lie anywhere above 1.3 ms'],
  [{ low: null, high: 9 }, 'the true value may lie anywhere below 9 ms'],
  [{ low: null, high: null }, 'the true value may lie anywhere'],
])('between which bounds a percentile of too few samples lies: %j', (interval, words) => {
  const of = (metric: string, count: number) =>
    judgeTrust({ ...HEALTHY, percentiles: [{ metric, q: 0.99, count, interval }] }).reasons;
  expect(of('ai_latency_ms', 9)).toEqual([
    `too few samples: p99 of ai_latency_ms rests on 9 samples; it takes 368 to bound it; were its requests independent, ${words}`,
  ]);
  expect(of('token_throughput_per_sec', 1)[0]).toContain(words.replaceAll(' ms', ''));
  expect(of('token_throughput_per_sec', 1)[0]).toContain('rests on 1 sample;');
});

test('without a success, no shortage of samples is told', () => {
  const percentiles = [{ metric: 'ai_latency_ms', q: 0.99, count: 9, interval: null }];
  expect(judgeTrust({ ...HEALTHY, succeeded: 0, percentiles }).reasons).toHaveLength(1);
});

test('why the load generator was the limit, a sentence each', () => {
  const unknown = {
    clientCpuRatio: null,
    machineCpuRatio: null,
    meterLoopDelayP99Ms: null,
    meterHopP99Ms: null,
  };
  expect(clientBoundReasons(unknown)).toEqual([]);
  expect(clientBoundReasons({ ...unknown, meterHopP99Ms: 150, meterLoopDelayP99Ms: 30 })).toEqual([
    "the meter's event loop was late by 30 ms at p99, above 20 ms: token times carry its delay",
    'the hop from k6 to the meter took 150 ms at p99, above 100 ms: requests left late',
  ]);
});

test('shortages of steps are told once', () => {
  const short = (metric: string, q: number, count: number) => ({ metric, q, count, interval: null });
  const { state, reasons } = judgeTrust({
    ...HEALTHY,
    percentiles: [
      ...[40, 60, 50].map((count, step) => short(`ai_latency_ms{step:0${step}}`, 0.99, count)),
      ...[40, 60].map((count, step) => short(`ai_latency_ms{step:0${step}}`, 0.95, count)),
      ...[40, 60, 50].map((count, step) => short(`ai_latency_ms{model:m,step:0${step}}`, 0.95, count)),
      short('ai_ttft_ms{step:07}', 0.95, 5),
    ],
  });
  expect(state).toBe('too-short');
  expect(trustLines({ state, reasons })).toHaveLength(1);
  expect(reasons.map((reason) => reason.replace(/^too few samples: /, ''))).toEqual([
    'in 3 steps, p95 and p99 of ai_latency_ms rest on 40 to 60 samples; it takes 72 and 368 to bound them',
    'in 3 steps, p95 of ai_latency_ms{model:m} rests on 40 to 60 samples; it takes 72 to bound it',
    'in 1 step, p95 of ai_ttft_ms rests on 5 samples; it takes 72 to bound it',
  ]);
});

test('the gravest finding gives the state, and every finding its reason', () => {
  const trust = judgeTrust({ ...HEALTHY, droppedIterations: 1, clientCpuRatio: 1 });
  expect(trust.state).toBe('underdelivered');
  expect(trust.reasons).toHaveLength(2);
});

test('a shortage of samples is called that, whatever else is the matter', () => {
  const percentiles = [{ metric: 'ai_latency_ms', q: 0.99, count: 9, interval: null }];
  const busy = judgeTrust({ ...HEALTHY, clientCpuRatio: 0.9, percentiles });
  expect(trustLines(busy)).toEqual([
    { word: 'client-bound', text: expect.stringMatching(/^k6 used 90 %[^;]*$/) },
    { word: 'too few samples', text: expect.stringMatching(/^p99 of ai_latency_ms rests on 9 samples/) },
  ]);
  expect(trustLines(judgeTrust({ ...HEALTHY, percentiles })).map(({ word }) => word)).toEqual([
    'too few samples',
  ]);
  expect(trustLines(judgeTrust(HEALTHY))).toEqual([]);
});

test('labels percentiles without rounding noise', () => {
  expect([0.95, 0.99, 0.999, 0.07].map(percentLabel)).toEqual(['95', '99', '99.9', '7']);
});
