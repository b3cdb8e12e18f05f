import { describe, expect, test } from 'vitest';
import { STOPS_METRIC } from '../metrics/metric-list.ts';
import { submetric } from '../metrics/submetrics.ts';
import { buildSummary, type RunContext } from './build-summary.ts';
import { madeContext, madeCounter, madeTrend } from './made-data.ts';
import type { Summary } from './summary.ts';

const PLAIN: RunContext = {
  ...madeContext(),
  budgetUsd: null,
  steps: [],
  dimensions: { ...madeContext().dimensions, windows: [], steps: [], hasWarmup: false },
};

/** The summary of a run whose counters had these sums. */
function summaryOf(
  counts: Record<string, number>,
  { context = PLAIN, metrics = {} as Record<string, unknown>, record = null as unknown } = {},
): Summary {
  const counters = Object.entries(counts).map(([name, count]) => [name, madeCounter(count)]);
  const data = {
    metrics: { ...Object.fromEntries(counters), ...metrics },
    state: { testRunDurationMs: 5000 },
    setup_data: { record },
  };
  return buildSummary(data, context);
}

const WELL = { ai_requests_started: 9, ai_requests_finished: 9, ai_requests_succeeded: 8 };
const judged = (verdicts: Record<string, boolean>) => ({
  ai_latency_ms: {
    ...madeTrend(5),
    thresholds: Object.fromEntries(Object.entries(verdicts).map(([name, ok]) => [name, { ok }])),
  },
});

describe('the verdict', () => {
  test('is that every threshold held, and at least one request did', () => {
    const { slo } = summaryOf(WELL, { metrics: judged({ 'max<9': true }) });
    expect(slo).toEqual({ state: 'pass', breached: [], judged: ['latency:8000'] });
  });

  test('is a failure by each threshold that broke', () => {
    const { slo } = summaryOf(WELL, { metrics: judged({ 'max<9': true, 'avg<1': false, 'med<1': false }) });
    expect(slo).toMatchObject({
      state: 'fail',
      breached: ['ai_latency_ms: avg<1', 'ai_latency_ms: med<1'],
    });
  });

  test('is none without thresholds, or where none of them had a sample', () => {
    expect(summaryOf(WELL).slo.state).toBe('not-judged');
    const empty = { ...judged({ 'max<9': true }).ai_latency_ms, values: { avg: 0, max: 0, count: 0 } };
    expect(summaryOf(WELL, { metrics: { ai_latency_ms: empty } }).slo.state).toBe('not-judged');
  });

  test('is a failure where not one request succeeded, though nothing else says so', () => {
    const none = { ai_requests_started: 9, ai_requests_finished: 9 };
    expect(summaryOf(none, { metrics: judged({ 'max<9': true }) }).slo).toMatchObject({
      state: 'fail',
      breached: ['ai_requests_succeeded: count>0'],
    });
    expect(summaryOf(none, { metrics: judged({ 'max<9': false }) }).slo.breached).toEqual([
      'ai_latency_ms: max<9',
    ]);
  });

  test('is none of a run that started nothing', () => {
    expect(summaryOf({}, { metrics: judged({ 'max<9': true }) }).slo.state).toBe('not-judged');
  });

  test('is none on a count of 0 in a run that ended itself, and stands in one that did not', () => {
    const errors = { ...madeCounter(0), thresholds: { 'count<1': { ok: true } } };
    const oks = (more: Record<string, number>) =>
      summaryOf({ ...WELL, ...more }, { metrics: { ai_errors: errors } }).thresholds.map(({ ok }) => ok);
    expect(oks({})).toEqual([true]);
    expect(oks({ [submetric(STOPS_METRIC, { reason: 'quota' })]: 1 })).toEqual([null]);
  });

  test('on a part of a run is for whoever merges the parts, but for what broke here', () => {
    const context = { ...PLAIN, deferred: [{ metric: 'ai_latency_ms', expression: 'p(95)<5' }] };
    const part = summaryOf(WELL, { context, metrics: judged({ 'max<9': true }) });
    expect(part.slo.state).toBe('not-judged');
    expect(part.thresholds).toEqual([
      { metric: 'ai_latency_ms', expression: 'max<9', ok: true },
      { metric: 'ai_latency_ms', expression: 'p(95)<5', ok: null },
    ]);
    expect(summaryOf({ ai_requests_started: 9 }, { context }).slo.state).toBe('not-judged');
    expect(summaryOf(WELL, { context, metrics: judged({ 'max<9': false }) }).slo.state).toBe('fail');
  });
});

describe('the load', () => {
  const gauge = (value: number) => ({ type: 'gauge', values: { value, min: 0, max: 1 } });

  test('was delivered as much as the least of its open parts', () => {
    const metrics = {
      ai_delivered_ratio: gauge(0.99),
      'ai_delivered_ratio{test_type:spike}': gauge(0.97),
      'ai_delivered_ratio{test_type:stress}': gauge(0.98),
    };
    const dimensions = { ...PLAIN.dimensions, testTypes: ['spike', 'stress', 'baseline'] };
    expect(summaryOf(WELL, { metrics, context: { ...PLAIN, dimensions } }).load.deliveredRatio).toBe(0.97);
    expect(summaryOf(WELL, { metrics: { ai_delivered_ratio: gauge(0.99) } }).load.deliveredRatio).toBe(0.99);
  });

  test('that nobody looked at is unknown, whatever its parts say of nothing', () => {
    const metrics = { 'ai_delivered_ratio{test_type:spike}': gauge(0) };
    expect(summaryOf(WELL, { metrics }).load.deliveredRatio).toBeNull();
  });

  test('that setup refused was to be delivered by nobody: the machine is not to blame', () => {
    const metrics = { ai_delivered_ratio: gauge(0) };
    const record = { startedAt: '', loadStartsAtMs: 0, stopped: 'nothing answers' };
    const { load, stopped, trust } = summaryOf({}, { metrics, record });
    expect({ stopped, delivered: load.deliveredRatio }).toEqual({
      stopped: 'nothing answers',
      delivered: null,
    });
    expect(trust).toEqual({ state: 'nothing-measured', reasons: ['no request was finished'] });
  });

  test('needed as many VUs as its peak holds at the latency seen', () => {
    // 5 a second for 1.3 s are 6.5.
    const metrics = { ai_latency_ms: madeTrend(1300) };
    expect(summaryOf(WELL, { metrics }).load.vusNeeded).toBe(7);
    expect(summaryOf(WELL).load.vusNeeded).toBeNull();
    const context = { ...PLAIN, load: { ...PLAIN.load, peakRatePerSec: null } };
    expect(summaryOf(WELL, { metrics, context }).load.vusNeeded).toBeNull();
  });
});

describe('what setup tells', () => {
  const record = {
    startedAt: '2026-11-25T00:00:00.000Z',
    loadStartsAtMs: 2000,
    preflight: {
      a: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: null },
      b: { requests: 10, inputTokens: 20, outputTokens: 30, costUsd: 0.5 },
      c: { requests: 100, inputTokens: 200, outputTokens: 300, costUsd: 0.25 },
    },
    forecast: { requests: 9, inputTokens: 90, outputTokens: 900, costUsd: null },
    notes: ['found in setup'],
  };
  const whole = { requests: 111, inputTokens: 222, outputTokens: 333, costUsd: 0.75 };

  test('is no part of the load’s time, and stands in the summary', () => {
    const summary = summaryOf(WELL, { record, context: { ...PLAIN, notes: ['of the plan'] } });
    expect(summary).toMatchObject({
      startedAt: '2026-11-25T00:00:00.000Z',
      durationMs: 3000,
      forecast: record.forecast,
      notes: ['of the plan', 'found in setup'],
    });
    expect(summary.totals).toMatchObject({ preflight: whole, requestsPerSec: 3, succeededPerSec: 8 / 3 });
  });

  test('of each model stands with that model', () => {
    const dimensions = { ...PLAIN.dimensions, models: ['a', 'b', 'd'] };
    const { models, providers } = summaryOf(WELL, { record, context: { ...PLAIN, dimensions } });
    expect(models['a']?.preflight).toEqual(record.preflight.a);
    expect(models['b']?.preflight).toEqual(record.preflight.b);
    expect(models['d']?.preflight).toEqual({ requests: 0, inputTokens: 0, outputTokens: 0, costUsd: null });
    expect(providers['mock']?.preflight).toEqual(whole);
  });

  test('is missing where it did not end', () => {
    expect(summaryOf(WELL)).toMatchObject({ startedAt: null, durationMs: null, forecast: null });
    expect(summaryOf(WELL, { record: { ...record, startedAt: '' } }).startedAt).toBeNull();
    expect(summaryOf(WELL, { record: { ...record, loadStartsAtMs: 9000 } }).durationMs).toBe(0);
  });
});

describe('blocks', () => {
  test('of one model are the whole run; of several, each its own', () => {
    const counts = {
      ...WELL,
      dropped_iterations: 4,
      'ai_requests_finished{model:a}': 5,
      'ai_requests_finished{model:b}': 3,
      'ai_requests_started{phase:warmup}': 2,
      'ai_requests_started{model:a,phase:warmup}': 1,
    };
    const dimensions = { ...PLAIN.dimensions, hasWarmup: true };
    const one = summaryOf(counts, { context: { ...PLAIN, dimensions } });
    expect(one.models['m']).toMatchObject({
      requestsFinished: 9,
      droppedIterations: 4,
      warmup: { requests: 2 },
    });
    const two = summaryOf(counts, {
      context: { ...PLAIN, dimensions: { ...dimensions, models: ['a', 'b'] } },
    });
    expect(two.models).toMatchObject({
      a: { requestsFinished: 5, droppedIterations: null, warmup: { requests: 1 } },
      b: { requestsFinished: 3, droppedIterations: null, warmup: { requests: 0 } },
    });
    expect(two.totals).toMatchObject({ requestsFinished: 9, droppedIterations: 4 });
  });

  test('tell nothing of a warm-up where there was none', () => {
    const counts = {
      'ai_requests_started{phase:warmup}': 2,
      'ai_requests_started{model:a,phase:warmup}': 1,
    };
    const none = { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: null };
    expect(summaryOf(counts).totals.warmup).toEqual(none);
    const dimensions = { ...PLAIN.dimensions, models: ['a', 'b'] };
    expect(summaryOf(counts, { context: { ...PLAIN, dimensions } }).models['a']?.warmup).toEqual(none);
  });
});

describe('notes', () => {
  test('a run of which there is nothing to tell has none', () => {
    expect(summaryOf({ ...WELL, iterations: 9 }).notes).toEqual([]);
  });

  test.each([
    ['ai_usage_missing', '3 answers had no token counts; they are in no token or dollar figure'],
    ['ai_unpriced', '3 answers came from models without a price; they are in no dollar figure'],
    ['ai_invalid_output', '3 answers are not the JSON that was asked for; they are no errors'],
    ['ai_samples_rejected', '3 values were not finite or below zero and were kept out of the metrics'],
    ['ai_warnings{kind:held_back}', '3 answers: a proxy held the stream back: no TTFT, no TPOT'],
    [
      'ai_unknown_finish',
      '3 answers: a finish reason that is not known: it may be a failure; the log names the first, the samples each',
    ],
    [
      'ai_aborted',
      '3 streams were given up by their users (LLM_ABORT); they are in no latency and no error rate, and the provider bills what it wrote',
    ],
  ])('%s', (metric, note) => {
    expect(summaryOf({ ...WELL, [metric]: 3 }).notes).toEqual([note]);
  });

  test.each([
    [' after:2s@10% ', 3, 'slow'],
    ['after:20tokens@10%', 3, 'long'],
    ['after:2s@10%', 0, null],
    ['', 3, null],
  ])('LLM_ABORT=%j, %i given up: latency lacks answers that are %s', (rule, count, missing) => {
    const context = { ...PLAIN, settings: { LLM_ABORT: rule } };
    const { notes } = summaryOf({ ...WELL, ai_aborted: count }, { context });
    const told = notes.filter((note) => note.startsWith('latency looks better'));
    expect(told).toEqual(
      missing === null
        ? []
        : [
            `latency looks better than it is: the ${missing} answers that LLM_ABORT=${rule.trim()} gave up are in none of its figures`,
          ],
    );
  });

  test('requests that were cut short', () => {
    expect(summaryOf({ ...WELL, ai_requests_started: 11 }).notes).toEqual([
      '2 requests were cut short by the end of the run; the provider bills them all the same',
    ]);
  });

  test('what the source of the data cannot tell is no note', () => {
    const untold = ['cutShort', 'samplesRejected', 'droppedIterations', 'preflight'] as const;
    const context = { ...PLAIN, untold };
    const { notes, totals } = summaryOf(
      { ...WELL, ai_requests_started: 11, ai_samples_rejected: 3, dropped_iterations: 4 },
      { context },
    );
    expect(notes).toEqual([]);
    expect(totals).toMatchObject({
      cutShort: null,
      samplesRejected: null,
      droppedIterations: null,
      preflight: null,
    });
  });

  test.each<[number | null, number, readonly string[], boolean]>([
    [9, 9, ['spike'], false],
    [9, 10, ['spike'], true],
    [9, 5, ['spike', 'stress'], true],
    [9, 0, ['spike', 'stress'], false],
    [null, 10, ['spike', 'stress'], false],
  ])(
    'a data set of %j rows, %i iterations, parts %j: repeated %s',
    (datasetRows, iterations, testTypes, isTold) => {
      const dimensions = { ...PLAIN.dimensions, testTypes };
      const { notes } = summaryOf(
        { ...WELL, iterations },
        { context: { ...PLAIN, datasetRows, dimensions } },
      );
      const note = `LLM_DATASET: ${iterations} iterations used its ${datasetRows} rows more than once, which a prompt cache notices`;
      expect(notes).toEqual(isTold ? [note] : []);
    },
  );

  test('dollars are an upper bound where a model read from a cache without a price of its own', () => {
    const dimensions = { ...PLAIN.dimensions, models: ['a', 'b', 'c'] };
    const context = { ...PLAIN, dimensions, fullPriceWhenCached: ['a', 'b', 'x'] };
    const { notes } = summaryOf({ ...WELL, 'ai_cached_tokens{model:b}': 7 }, { context });
    expect(notes).toEqual([
      'dollars are an upper bound: cached tokens of b have no price of their own and count in full',
    ]);
  });
});
