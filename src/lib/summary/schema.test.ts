import { expect, test } from 'vitest';
import { schemaProblems } from '../../../test/support/summary-schema.ts';
import { buildSummary, type RunContext } from './build-summary.ts';

const CONTEXT: RunContext = {
  scenario: 'spike',
  target: 'http://127.0.0.1:1/v1',
  provider: 'mock',
  seed: 42,
  transport: 'http',
  stream: false,
  dimensions: {
    models: ['a', 'b'],
    testTypes: ['spike'],
    kinds: ['chat', 'embeddings'],
    providers: ['mock'],
    hasWarmup: true,
    hasServerPage: false,
    windows: ['before', 'spike', 'after-00', 'after-10'],
    turns: ['1', '2'],
    hasSessions: true,
    steps: ['01'],
    ownSteps: [],
  },
  sloJudged: ['latency:8000'],
  load: { model: 'open', peakRatePerSec: 5, offered: 10, iterations: null, vusAllocated: 3, segment: null },
  steps: [{ name: '01', ratePerSec: 1, startMs: 0, durationMs: 1000 }],
  notes: [],
  fullPriceWhenCached: [],
  budgetUsd: 1,
  settings: { LLM_MIX: 'a,b' },
  datasetRows: null,
  deferred: [],
  ending: null,
  untold: [],
};

const trend = {
  type: 'trend',
  contains: 'default',
  values: { avg: 5, min: 5, med: 5, max: 5, 'p(90)': 5, 'p(95)': 5, 'p(99)': 5, count: 9 },
};
const FULL = {
  state: { testRunDurationMs: 5000 },
  setup_data: {
    record: {
      startedAt: '2026-11-25T00:00:00.000Z',
      loadStartsAtMs: 100,
      preflight: { a: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: null } },
      forecast: null,
      notes: ['x'],
    },
  },
  metrics: {
    ai_latency_ms: { ...trend, thresholds: { 'p(95)<1': { ok: false } } },
    'ai_latency_ms{model:a}': trend,
    'ai_latency_ms{window:before}': trend,
    ai_requests_started: { type: 'counter', contains: 'default', values: { count: 9, rate: 1 } },
    'ai_requests_started{step:01}': { type: 'counter', contains: 'default', values: { count: 9, rate: 1 } },
    ai_requests_finished: { type: 'counter', contains: 'default', values: { count: 9, rate: 1 } },
    ai_requests_succeeded: { type: 'counter', contains: 'default', values: { count: 8, rate: 1 } },
    'ai_errors{kind:server}': { type: 'counter', contains: 'default', values: { count: 1, rate: 1 } },
    error_rate: { type: 'rate', contains: 'default', values: { rate: 0.11, passes: 1, fails: 8 } },
  },
};

test.each<[string, unknown]>([
  ['a whole run', FULL],
  ['nothing', {}],
  ['null', null],
  [
    'metrics that are null',
    { metrics: { ai_ttft_ms: null, ai_goodput: { type: 'rate', values: { rate: 0, passes: 0, fails: 0 } } } },
  ],
  ["k6's new machine-readable summary", { version: '1.0.0', results: { metrics: [] } }],
  [
    'infinite values',
    { metrics: { ai_latency_ms: { type: 'trend', values: { avg: Infinity, count: Number.NaN } } } },
  ],
])('summary.json of %s follows its schema', (_name, data) => {
  const summary: unknown = JSON.parse(JSON.stringify(buildSummary(data, CONTEXT)));
  expect(schemaProblems(summary)).toEqual([]);
});

test('the schema refuses a summary that lacks a field', () => {
  const { seed: _left, ...rest } = buildSummary(FULL, CONTEXT);
  expect(schemaProblems(JSON.parse(JSON.stringify(rest)))).toEqual([expect.stringContaining('seed')]);
});
