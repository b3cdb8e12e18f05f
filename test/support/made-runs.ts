import { METRIC_SPECS, METRIC_NAMES, SPENT_METRIC, STOPS_METRIC } from '../../src/lib/metrics/metric-list.ts';
import { type Dimensions, submetric, submetricsFor } from '../../src/lib/metrics/submetrics.ts';
import { hashUnit } from '../../src/lib/numbers/random.ts';
import type { RunContext } from '../../src/lib/summary/build-summary.ts';
import { madeContext, madeCounter, madeTrend } from '../../src/lib/summary/made-data.ts';

/** What k6 hands to `handleSummary`, and what the run knew of itself. */
export type MadeRun = { data: Record<string, unknown>; context: RunContext };

type Metric = { type: string; values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> };

/** Every metric and submetric that a summary reads, each with figures of its own, so that none can stand for another. */
function everyMetric(dimensions: Dimensions): Record<string, Metric> {
  const keys = [
    ...METRIC_NAMES,
    ...submetricsFor(dimensions),
    submetric('ai_requests_succeeded', { phase: 'main' }),
  ];
  const types = new Map(Object.entries(METRIC_SPECS).map(([name, { type }]) => [name, type]));
  return Object.fromEntries(
    keys.map((key) => [key, figures(types.get(key.split('{')[0] ?? '') ?? 'counter', key)]),
  );
}

function figures(type: string, key: string): Metric {
  const draw = (what: string): number => hashUnit(7, key + what, 0);
  if (type === 'trend') {
    const med = 100 + Math.round(draw('med') * 900);
    const values = { avg: med + 5, min: 90, med, max: med + 500 };
    return {
      type,
      values: { ...values, 'p(90)': med + 60, 'p(95)': med + 80, 'p(99)': med + 200, count: 120 },
    };
  }
  if (type === 'rate') {
    const passes = 10 + Math.round(draw('passes') * 80);
    return { type, values: { rate: passes / 100, passes, fails: 100 - passes } };
  }
  if (type === 'gauge')
    return { type, values: { value: 1 + Math.round(draw('value') * 500), min: 0, max: 900 } };
  const isMoney = /dollars/.test(key);
  if (key.startsWith('ai_aborted')) return { type, values: madeCounter(3).values };
  // More start than finish, and more finish than succeed.
  const least = key.includes('_started') ? 400 : key.includes('_finished') ? 200 : 0;
  return {
    type,
    values: madeCounter(isMoney ? draw('usd') : least + 1 + Math.round(draw('count') * 198)).values,
  };
}

const SETUP = {
  record: {
    startedAt: '2026-11-25T00:00:00.000Z',
    loadStartsAtMs: 2000,
    preflight: {
      'gpt-a': { requests: 1, inputTokens: 20, outputTokens: 3, costUsd: 0.25 },
      'claude-b': { requests: 2, inputTokens: 30, outputTokens: 5, costUsd: null },
      'model-c': { requests: 4, inputTokens: 70, outputTokens: 11, costUsd: 0.5 },
    },
    forecast: { requests: 900, inputTokens: 10_000, outputTokens: 2000, costUsd: 1.5 },
    notes: ['setup found this'],
    stopped: null,
  },
};

function counter(count: number): Metric {
  return { type: 'counter', values: madeCounter(count).values };
}

/** Streams of two models and two types in conversations, with all that can be told of them. */
function everything(): MadeRun {
  const context: RunContext = {
    ...madeContext(),
    scenario: 'mixed',
    provider: 'custom',
    transport: 'meter',
    stream: true,
    dimensions: {
      ...madeContext().dimensions,
      models: ['gpt-a', 'claude-b'],
      testTypes: ['chat', 'batch'],
      hasServerPage: true,
      steps: [],
      turns: ['1', '2', '11-20'],
      hasSessions: true,
    },
    sloJudged: ['ttft:800', 'tpot:50'],
    load: {
      model: 'open',
      peakRatePerSec: 40,
      offered: 500,
      iterations: null,
      vusAllocated: 30,
      segment: '0:1/2',
    },
    steps: [],
    notes: ['times are of the meter', 'a <b> | `note` with @someone'],
    fullPriceWhenCached: ['claude-b', 'gpt-a'],
    budgetUsd: 0.1,
    datasetRows: 5,
  };
  const metrics = everyMetric(context.dimensions);
  for (const key of Object.keys(metrics)) if (key.startsWith(STOPS_METRIC)) delete metrics[key];
  metrics['ai_latency_ms'] = {
    ...figures('trend', 'ai_latency_ms'),
    thresholds: { 'p(95)<5000': { ok: true }, 'p(99.9)<9000': { ok: true } },
  };
  metrics['ai_ttft_ms'] = { ...figures('trend', 'ai_ttft_ms'), thresholds: { 'p(95)<1': { ok: false } } };
  metrics['ai_tpot_ms'] = {
    type: 'trend',
    values: { ...madeTrend(0).values, count: 0 },
    thresholds: { 'med<9': { ok: true } },
  };
  metrics['ai_requests_started'] = counter(320);
  metrics['ai_requests_finished'] = counter(300);
  metrics['ai_requests_succeeded'] = counter(280);
  metrics[submetric('ai_requests_succeeded', { phase: 'main' })] = counter(270);
  metrics['iterations'] = counter(310);
  metrics['dropped_iterations'] = counter(12);
  metrics[SPENT_METRIC] = counter(0.35);
  return { data: { state: { testRunDurationMs: 62_000 }, setup_data: SETUP, metrics }, context };
}

/** Steps: held, broke, cut short and never reached; ended by a threshold that broke. */
function steps(stream: boolean): MadeRun {
  const names = ['01', '02', '03', '04'];
  const context: RunContext = {
    ...madeContext(),
    scenario: 'breakpoint',
    stream,
    dimensions: { ...madeContext().dimensions, models: ['m'], windows: [], steps: names, hasWarmup: false },
    steps: names.map((name, index) => ({
      name,
      ratePerSec: 10 * (index + 1) + 0.5 * (index % 2),
      startMs: index * 10_000,
      durationMs: 10_000,
    })),
    budgetUsd: null,
    ending: {
      lengthMs: 40_000,
      slackMs: 0,
      iterations: null,
      maxMs: 40_000,
      abortsOn: ['error_rate{step:02}: rate<0.1'],
    },
  };
  const metrics = everyMetric(context.dimensions);
  for (const key of Object.keys(metrics)) if (key.startsWith(STOPS_METRIC)) delete metrics[key];
  for (const [index, step] of names.entries()) {
    const judged = { thresholds: { 'rate<0.1': { ok: index !== 1 } } };
    metrics[`ai_requests_started{step:${step}}`] = counter(index === 3 ? 0 : 100 * (index + 1));
    metrics[`error_rate{step:${step}}`] = { ...figures('rate', step), ...judged };
  }
  metrics['ai_unpriced'] = counter(0);
  metrics['ai_samples_rejected'] = counter(0);
  return { data: { state: { testRunDurationMs: 27_000 }, setup_data: SETUP, metrics }, context };
}

/** A spike that somebody ended before its plan did. */
function interrupted(): MadeRun {
  const { data, context } = everything();
  const dimensions = {
    ...context.dimensions,
    models: ['model-c'],
    testTypes: ['spike'],
    turns: [],
    hasSessions: false,
  };
  const metrics = everyMetric(dimensions);
  for (const key of Object.keys(metrics)) if (key.startsWith(STOPS_METRIC)) delete metrics[key];
  metrics['ai_latency_ms'] = {
    ...figures('trend', 'x'),
    thresholds: { 'p(95)<1': { ok: false }, 'p(90)<9000': { ok: true } },
  };
  metrics[SPENT_METRIC] = counter(0.01);
  const ending = { lengthMs: 48_000, slackMs: 0, iterations: null, maxMs: 48_000, abortsOn: [] };
  return {
    data: { ...data, state: { testRunDurationMs: 6900 }, metrics },
    context: { ...context, dimensions, ending, stream: false, transport: 'http' },
  };
}

/** Ended on its budget, with nothing else the matter. */
function stopped(reason: string): MadeRun {
  const context: RunContext = {
    ...madeContext(),
    budgetUsd: 2,
    dimensions: { ...madeContext().dimensions, windows: [] },
  };
  const metrics = {
    ai_latency_ms: { ...madeTrend(120), thresholds: { 'p(95)<900': { ok: true } } },
    ai_requests_started: madeCounter(9),
    ai_requests_finished: madeCounter(9),
    ai_requests_succeeded: madeCounter(9),
    [SPENT_METRIC]: madeCounter(1.9),
    [submetric(STOPS_METRIC, { reason })]: madeCounter(1),
  };
  return { data: { state: { testRunDurationMs: 62_000 }, setup_data: SETUP, metrics }, context };
}

/** By name. */
export const MADE_RUNS: ReadonlyMap<string, MadeRun> = new Map([
  ['everything', everything()],
  ['steps', steps(false)],
  ['streamed-steps', steps(true)],
  ['interrupted', interrupted()],
  ['stopped-on-budget', stopped('budget')],
  ['stopped-by-key', stopped('auth')],
  ['stopped-by-quota', stopped('quota')],
  ['stopped-by-meter', stopped('meter')],
  ['stopped-in-setup', stopped('setup')],
  [
    'never-begun',
    {
      data: { setup_data: { record: { ...SETUP.record, stopped: 'the model is not there' } } },
      context: madeContext(),
    },
  ],
  ['new-k6-summary', { data: { version: '1.0.0', results: { metrics: [] } }, context: madeContext() }],
]);
