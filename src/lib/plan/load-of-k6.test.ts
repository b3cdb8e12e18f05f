import { expect, test } from 'vitest';
import { forecastableLoads, type LoadOfK6, loadInPlaceOfOurs } from './load-of-k6.ts';

const OWN = ['smoke'];

// What k6 1.1 gives as exec.test.options.scenarios.
test.each<[flags: string, executor: Record<string, unknown>, asked: LoadOfK6]>([
  [
    '--iterations 20 --duration 5s',
    { executor: 'shared-iterations', vus: null, iterations: 20, maxDuration: '5s' },
    { model: 'iterations', iterations: 20 },
  ],
  [
    'a configuration of so many for each user',
    { executor: 'per-vu-iterations', vus: 3, iterations: 4 },
    { model: 'iterations', iterations: 12 },
  ],
  [
    '--vus 2 --duration 1s',
    { executor: 'constant-vus', vus: 2, duration: '1s' },
    { model: 'closed', iterations: null },
  ],
  ['--stage 1s:2', { executor: 'ramping-vus', startVUs: null }, { model: 'closed', iterations: null }],
  [
    'a configuration with a rate',
    { executor: 'constant-arrival-rate', rate: 5 },
    { model: 'open', iterations: null },
  ],
  [
    '--vus 1',
    { executor: 'per-vu-iterations', vus: null, iterations: null },
    { model: 'iterations', iterations: 1 },
  ],
])('k6 with %s', (_, executor, asked) => {
  expect(loadInPlaceOfOurs({ default: executor }, OWN)).toEqual(asked);
});

test('a rate beside a fixed number is both', () => {
  const scenarios = {
    one: { executor: 'ramping-arrival-rate' },
    other: { executor: 'shared-iterations', iterations: 7 },
  };
  expect(loadInPlaceOfOurs(scenarios, OWN)).toEqual({ model: 'open', iterations: 7 });
});

test.each([
  ['the load of the scenario', { smoke: { executor: 'shared-iterations' } }],
  ['one with the look at the server beside it', { smoke: {}, scrape: {} }],
  ['what nobody knows', undefined],
  ['no scenario', {}],
])('%s is none in its place', (_, scenarios) => {
  expect(loadInPlaceOfOurs(scenarios, OWN)).toBeNull();
});

const PACE = { thinkTimeMeanMs: 10, expectedLatencyMs: 20 };

test.each<[flags: string, executor: Record<string, unknown>, asked: unknown]>([
  [
    '--vus 4 --iterations 20',
    { executor: 'shared-iterations', vus: 4, iterations: 20 },
    [{ kind: 'iterations', count: 20 }],
  ],
  [
    '--vus 2 --duration 90s',
    { executor: 'constant-vus', vus: 2, duration: '1m30s' },
    [{ kind: 'closed', ...PACE, stages: [{ durationMs: 90_000, fromVus: 2, toVus: 2 }] }],
  ],
  [
    '--stage 1s:3 --stage 2s:0',
    {
      executor: 'ramping-vus',
      startVUs: null,
      stages: [
        { duration: '1s', target: 3 },
        { duration: '2s', target: 0 },
      ],
    },
    [
      {
        kind: 'closed',
        ...PACE,
        stages: [
          { durationMs: 1000, fromVus: 1, toVus: 3 },
          { durationMs: 2000, fromVus: 3, toVus: 0 },
        ],
      },
    ],
  ],
  ['a configuration with a rate', { executor: 'constant-arrival-rate', rate: 5 }, null],
])('what k6 with %s asks can be forecast, where it is known', (_, executor, asked) => {
  expect(forecastableLoads({ default: executor }, OWN, PACE)).toEqual(asked);
});

test('our own load is forecast by its own plan', () => {
  expect(forecastableLoads({ smoke: { executor: 'shared-iterations' } }, OWN, PACE)).toBeNull();
});
