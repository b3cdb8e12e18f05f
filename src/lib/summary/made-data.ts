import type { RunContext } from './build-summary.ts';

/** A Trend as k6 hands it to `handleSummary`, made up for tests: nine samples of one value. */
export function madeTrend(valueMs: number) {
  const values = { avg: valueMs, min: valueMs, med: valueMs, max: valueMs };
  return {
    type: 'trend',
    contains: 'default',
    values: { ...values, 'p(90)': valueMs, 'p(95)': valueMs, 'p(99)': valueMs, count: 9 },
  };
}

/** A Counter likewise. */
export function madeCounter(count: number) {
  return { type: 'counter', contains: 'default', values: { count, rate: count / 5 } };
}

/** What k6 hands to `handleSummary`, made up for tests: nine requests, one of them failed. */
export function madeData() {
  return {
    state: { testRunDurationMs: 5000 },
    setup_data: {
      record: {
        startedAt: '2026-11-25T00:00:00.000Z',
        loadStartsAtMs: 100,
        preflight: { m: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: null } },
        forecast: null,
        notes: ['x'],
      },
    },
    metrics: {
      ai_latency_ms: { ...madeTrend(120), thresholds: { 'p(95)<1': { ok: false } } },
      ai_requests_started: madeCounter(9),
      ai_requests_finished: madeCounter(9),
      ai_requests_succeeded: madeCounter(8),
      'ai_errors{kind:server}': madeCounter(1),
      ai_cost_dollars: madeCounter(0.030114),
      ai_reported_cost_dollars: madeCounter(0.030114),
      ai_rate_limited: madeCounter(1),
      ai_retries: madeCounter(1),
      error_rate: { type: 'rate', contains: 'default', values: { rate: 0.11, passes: 1, fails: 8 } },
    },
  };
}

/** A run with one model, made up for tests. */
export function madeContext(): RunContext {
  return {
    scenario: 'spike',
    target: 'http://127.0.0.1:1/v1',
    provider: 'mock',
    seed: 42,
    transport: 'http',
    stream: false,
    dimensions: {
      models: ['m'],
      testTypes: ['spike'],
      providers: ['mock'],
      kinds: ['chat'],
      hasWarmup: true,
      hasServerPage: false,
      turns: [],
      hasSessions: false,
      windows: ['before', 'spike', 'after-00', 'after-10'],
      steps: ['01'],
      ownSteps: [],
    },
    sloJudged: ['latency:8000'],
    load: { model: 'open', peakRatePerSec: 5, offered: 10, iterations: null, vusAllocated: 3, segment: null },
    steps: [{ name: '01', ratePerSec: 1, startMs: 0, durationMs: 1000 }],
    notes: [],
    fullPriceWhenCached: [],
    budgetUsd: 1,
    ending: null,
    untold: [],
    datasetRows: null,
    deferred: [],
    settings: { LLM_MIX: 'm' },
  };
}
