import { expect, test } from 'vitest';
import { madeContext } from './made-data.ts';
import { readRunRecord } from './run-record.ts';

const SETUP = {
  startedAt: '2026-11-25T00:00:00.000Z',
  loadStartsAtMs: 100,
  preflight: { m: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: 0.5 } },
  forecast: { requests: 9, inputTokens: 90, outputTokens: 900, costUsd: null },
  notes: ['x'],
  stopped: 'no quota left',
  failedProviders: [{ name: 'b', reason: 'status 401' }],
  clockAhead: { lowMs: -5, highMs: 995 },
};

/** As it comes back from a file. */
const read = (record: unknown) => readRunRecord(JSON.parse(JSON.stringify(record)));

test('what a run knew of itself comes back whole, but for what a reader of samples does not judge by', () => {
  const context = {
    ...madeContext(),
    stream: true,
    dimensions: {
      models: ['m', 'n'],
      testTypes: ['spike'],
      providers: ['mock'],
      kinds: ['chat'],
      hasWarmup: true,
      hasServerPage: true,
      turns: ['1'],
      hasSessions: true,
      windows: ['before'],
      steps: ['01'],
      ownSteps: ['login'],
    },
    load: {
      model: 'open' as const,
      peakRatePerSec: 5,
      offered: 10,
      iterations: 20,
      vusAllocated: 3,
      segment: '0:1/2',
    },
    notes: ['a note'],
    fullPriceWhenCached: ['m'],
    datasetRows: 7,
    deferred: [{ metric: 'checks', expression: 'rate>0.9' }],
    untold: ['cutShort' as const],
  };
  expect(read({ context, setup: SETUP })).toEqual({
    setup: SETUP,
    context: {
      ...context,
      dimensions: { ...context.dimensions, ownSteps: [] },
      deferred: [],
      ending: null,
      untold: [],
    },
  });
});

test.each(['open', 'closed', 'iterations', 'of another kind'])('a load that is %s', (model) => {
  const context = { ...madeContext(), load: { ...madeContext().load, model } };
  const known = model === 'of another kind' ? 'iterations' : model;
  expect(read({ context, setup: SETUP })?.context.load.model).toBe(known);
});

test('what is missing or of another type is unknown', () => {
  const nothing = {
    scenario: '',
    target: '',
    provider: '',
    seed: null,
    transport: '',
    stream: false,
    dimensions: {
      models: [],
      testTypes: [],
      providers: [],
      kinds: [],
      hasWarmup: false,
      hasServerPage: false,
      windows: [],
      steps: [],
      ownSteps: [],
      turns: [],
      hasSessions: false,
    },
    sloJudged: [],
    load: {
      model: 'iterations',
      peakRatePerSec: null,
      offered: null,
      iterations: null,
      vusAllocated: null,
      segment: null,
    },
    steps: [],
    notes: [],
    fullPriceWhenCached: [],
    budgetUsd: null,
    datasetRows: null,
    deferred: [],
    settings: {},
    ending: null,
    untold: [],
  };
  expect(read({ context: {}, setup: SETUP })?.context).toEqual(nothing);
  const odd = { scenario: 5, stream: 'yes', dimensions: 3, load: [], notes: 'x', settings: 1, seed: '42' };
  expect(read({ context: odd, setup: SETUP })?.context).toEqual(nothing);
  const inside = {
    dimensions: { models: 'm', hasWarmup: 'yes', hasServerPage: 1, hasSessions: 'no' },
    load: { segment: 5 },
  };
  expect(read({ context: inside, setup: SETUP })?.context).toEqual(nothing);
});

test('of a list, what is of its kind, and no more than a run may have', () => {
  const step = { name: '01', ratePerSec: 1, startMs: 0, durationMs: 1000 };
  const context = {
    notes: ['a', 5, null, 'b'],
    settings: { LLM_MIX: 'm', LLM_SEED: 42 },
    steps: [
      null,
      { ...step, ratePerSec: '1' },
      { ...step, startMs: null },
      { ...step, durationMs: null },
      step,
      { ...step, name: 2 },
    ],
    fullPriceWhenCached: Array.from({ length: 1001 }, (_, index) => `m${index}`),
  };
  const known = read({ context, setup: SETUP })?.context;
  expect(known?.notes).toEqual(['a', 'b']);
  expect(known?.settings).toEqual({ LLM_MIX: 'm', LLM_SEED: '' });
  expect(known?.steps).toEqual([step, { ...step, name: '' }]);
  expect(known?.fullPriceWhenCached).toHaveLength(1000);
});

test.each([[null], [{}], [{ context: null, setup: SETUP }], [{ setup: SETUP }], [{ context: {} }]])(
  'a header without both parts has no record: %j',
  (record) => {
    expect(read(record)).toBeNull();
  },
);
