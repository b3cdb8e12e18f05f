import { describe, expect, test } from 'vitest';
import { readSettings } from '../settings/settings.ts';
import { executorFor, integerRates, vusOfOpenLoad } from './executor.ts';
import { executorOf, planParts, vusOf } from './planned-parts.ts';
import { BASELINE, BREAKPOINT, SMOKE, SPIKE, STRESS } from '../load/scenario-parts.ts';
import { SCHEDULE_LEAD_MS } from '../load/schedule.ts';
import { spikeTimes } from './spike-times.ts';

const SIZING = { timeoutMs: 120_000, expectedLatencyMs: 5000, maxVus: 2000, minVus: 1, iterationVus: 1 };

describe('rates for k6, which takes whole ones only', () => {
  test.each([
    [[1, 20, 50], '1s', [1, 20, 50]],
    [[0.5, 2.5], '2s', [1, 5]],
    [[0.1, 1], '10s', [1, 10]],
    [[1 / 3, 1], '30s', [10, 30]],
    [[0.001, 0.002], '1000s', [1, 2]],
  ])('%j', (rates, timeUnit, whole) => {
    const stages = rates
      .slice(1)
      .map((toPerSec, i) => ({ durationMs: 1000, fromPerSec: rates[i]!, toPerSec }));
    const made = integerRates(stages);
    expect(made.timeUnit).toBe(timeUnit);
    expect([made.startRate, ...made.stages.map(({ target }) => target)]).toEqual(whole);
  });

  test('tells a jump as a stage of no length', () => {
    expect(
      integerRates([
        { durationMs: 1000, fromPerSec: 5, toPerSec: 5 },
        { durationMs: 2000, fromPerSec: 1, toPerSec: 1 },
      ]),
    ).toEqual({
      startRate: 5,
      timeUnit: '1s',
      stages: [
        { duration: '1s', target: 5 },
        { duration: '0s', target: 1 },
        { duration: '2s', target: 1 },
      ],
    });
  });
});

describe('VUs of an open load', () => {
  test.each([
    [200, {}, 1200],
    [5, { minVus: 100 }, 100],
    [1000, {}, 2000],
    [0.01, {}, 1],
    [10, { expectedLatencyMs: 1000 }, 12],
  ])('%d/s %j', (rate, change, expected) => {
    expect(vusOfOpenLoad(rate, { ...SIZING, ...change })).toBe(expected);
  });
});

describe('conversations', () => {
  const four = readSettings({ LLM_MIX: 'm', LLM_TURNS: '4', LLM_EXPECTED_LATENCY: '1s', LLM_TIMEOUT: '10s' });

  test.each([
    ['open', SPIKE, 24],
    ['of steps', BREAKPOINT, 960],
  ])('%s: a VU is kept for all turns of one', (_, part, vus) => {
    const [planned] = planParts([{ ...part, minVus: 1 }], four);
    expect(vusOf(planned!, four)).toBe(vus);
    expect(executorOf(planned!, four)).toMatchObject({
      preAllocatedVUs: vus,
      maxVUs: vus,
      gracefulStop: '45s',
    });
  });

  test('users and iterations are let finish theirs', () => {
    const [baseline, smoke] = planParts([BASELINE, SMOKE], four);
    expect(executorOf(baseline!, four)).toMatchObject({ gracefulStop: '45s', gracefulRampDown: '45s' });
    expect(executorOf(smoke!, four)).toMatchObject({ maxDuration: '205s', gracefulStop: '45s' });
  });
});

describe('the executor', () => {
  test('of users lets running requests finish', () => {
    expect(executorFor(BASELINE.load, SIZING)).toEqual({
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '2m', target: 50 },
        { duration: '5m', target: 50 },
        { duration: '1m', target: 0 },
      ],
      gracefulStop: '125s',
      gracefulRampDown: '125s',
    });
  });

  test('of arrivals allocates every VU before the load', () => {
    expect(executorFor(SPIKE.load, { ...SIZING, minVus: 100 })).toMatchObject({
      executor: 'ramping-arrival-rate',
      startRate: 1,
      preAllocatedVUs: 100,
      maxVUs: 100,
      stages: [
        { duration: '1m', target: 1 },
        { duration: '5s', target: 5 },
        { duration: '3m', target: 5 },
        { duration: '0s', target: 1 },
        { duration: '2m', target: 1 },
      ],
    });
    expect(executorFor(STRESS.load, SIZING)).toMatchObject({ preAllocatedVUs: 1200 });
  });

  test('of so many iterations shares them', () => {
    expect(executorFor(SMOKE.load, SIZING)).toMatchObject({
      executor: 'shared-iterations',
      vus: 1,
      iterations: 5,
    });
  });
});

describe('a plan', () => {
  test('keeps the shape with another peak, another length', () => {
    const [part] = planParts([STRESS], readSettings({ LLM_RATE: '20', LLM_TIME_SCALE: '0.1' }));
    expect(part?.load).toEqual({
      kind: 'open',
      stages: [
        [0.1, 2],
        [2, 5],
        [5, 10],
        [10, 20],
      ].map(([fromPerSec, toPerSec]) => ({ durationMs: 12_000, fromPerSec, toPerSec })),
    });
  });

  test('keeps one user where the shape has some', () => {
    const [part] = planParts([BASELINE], readSettings({ LLM_VUS: '1' }));
    expect(part?.load).toMatchObject({ stages: [{ toVus: 1 }, { fromVus: 1, toVus: 1 }, { toVus: 0 }] });
  });

  test('puts the parts of a suite one graceful stop apart, at most 30 s, in their own proportion', () => {
    const parts = planParts([BASELINE, SPIKE, STRESS], readSettings({ LLM_TIMEOUT: '10s', LLM_RATE: '40' }));
    expect(parts.map(({ startMs }) => startMs)).toEqual([0, 480_000 + 15_000, 480_000 + 365_000 + 30_000]);
    expect(parts[1]?.load).toMatchObject({ stages: [{ toPerSec: 0.2 }, { toPerSec: 1 }, {}, {}] });
    const slow = planParts([SPIKE, STRESS], readSettings({}));
    expect(slow[1]?.startMs).toBe(365_000 + 30_000);
  });

  test('counts a schedule, its windows and its end from its time zero, when all VUs have started', () => {
    const settings = readSettings({ LLM_TIMEOUT: '10s' });
    const figures = { count: 9, lengthMs: 365_000, peakConcurrency: 2, traced: null };
    const [spike, stress] = planParts([SPIKE, STRESS], settings, ({ name }) =>
      name === 'spike' ? figures : null,
    );
    expect(spike).toMatchObject({ startMs: 0, zeroMs: SCHEDULE_LEAD_MS, lengthMs: 365_000 });
    expect(spikeTimes(spike!)).toMatchObject({
      startMs: SCHEDULE_LEAD_MS,
      beginMs: SCHEDULE_LEAD_MS + 60_000,
    });
    expect(executorOf(spike!, settings)).toMatchObject({
      executor: 'shared-iterations',
      iterations: 9,
      maxDuration: '375250ms',
    });
    const afterwards = SCHEDULE_LEAD_MS + 365_000 + 15_000;
    expect(stress).toMatchObject({ startMs: afterwards, zeroMs: afterwards });
  });

  test('of breakpoint has 20 steps up to the peak', () => {
    const [part] = planParts([BREAKPOINT], readSettings({ LLM_RATE: '100' }));
    const load = part?.load;
    expect(load?.kind === 'open' ? load.stages.map(({ toPerSec }) => toPerSec) : null).toEqual(
      Array.from({ length: 20 }, (_, i) => 5 * (i + 1)),
    );
  });
});
