import { describe, expect, test } from 'vitest';
import { breakingPoint, stepVerdict } from './breaking-point.ts';
import { buildSummary } from './build-summary.ts';
import { madeContext, madeCounter } from './made-data.ts';
import { summaryJunit } from './render/render-junit.ts';
import { renderMarkdown } from './render/render-markdown.ts';
import { renderText } from './render/render-text.ts';
import type { Summary } from './summary.ts';

type MadeStep = { started: number; p95Ms: number; errorRatio: number };

const STEP_MS = 10_000;
const LOAD_STARTS_AT_MS = 1000;

/** A run of steps of 10, 20, 30, … per second, as k6 tells of it: it passes every threshold that got no sample. */
function madeRun(steps: readonly (MadeStep | null)[], loadMs: number): Summary {
  const metrics: Record<string, unknown> = {
    ai_requests_started: madeCounter(500),
    ai_requests_finished: madeCounter(500),
    ai_requests_succeeded: madeCounter(400),
    ai_latency_ms: trend({ p95Ms: 9000, count: 400 }, { 'p(95)<5000': { ok: false }, 'max>0': { ok: true } }),
    dropped_iterations: { ...madeCounter(0), thresholds: { 'count<1': { ok: true } } },
  };
  for (const [index, step] of steps.entries()) {
    const at = (metric: string): string => `${metric}{step:0${index + 1}}`;
    const { started = 0, p95Ms = 0, errorRatio = 0 } = step ?? {};
    metrics[at('ai_requests_started')] = madeCounter(started);
    metrics[at('ai_latency_ms')] = trend(
      { p95Ms, count: started * (1 - errorRatio) },
      { 'p(95)<5000': { ok: p95Ms < 5000 } },
    );
    metrics[at('error_rate')] = {
      type: 'rate',
      values: { rate: errorRatio, passes: started * errorRatio, fails: started * (1 - errorRatio) },
      thresholds: { 'rate<0.05': { ok: errorRatio < 0.05 } },
    };
    metrics[at('ai_errors')] = { ...madeCounter(0), thresholds: { 'count<9': { ok: true } } };
  }
  const names = steps.map((_, index) => `0${index + 1}`);
  const data = {
    state: { testRunDurationMs: LOAD_STARTS_AT_MS + loadMs },
    setup_data: {
      record: { startedAt: '', loadStartsAtMs: LOAD_STARTS_AT_MS, preflight: {}, forecast: null, notes: [] },
    },
    metrics,
  };
  return buildSummary(data, {
    ...madeContext(),
    scenario: 'breakpoint',
    dimensions: { ...madeContext().dimensions, windows: [], steps: names },
    steps: names.map((name, index) => ({
      name,
      ratePerSec: 10 * (index + 1),
      startMs: index * STEP_MS,
      durationMs: STEP_MS,
    })),
  });
}

function trend({ p95Ms, count }: { p95Ms: number; count: number }, thresholds: object) {
  const values = {
    avg: p95Ms,
    min: p95Ms,
    med: p95Ms,
    max: p95Ms,
    'p(90)': p95Ms,
    'p(95)': p95Ms,
    'p(99)': p95Ms,
  };
  return { type: 'trend', values: { ...values, count }, thresholds };
}

const held = (rate: number): MadeStep => ({ started: rate * 10, p95Ms: 400, errorRatio: 0 });
const slow = (rate: number): MadeStep => ({ ...held(rate), p95Ms: 6000 });
const failing = (rate: number): MadeStep => ({ ...held(rate), errorRatio: 0.5 });

describe('a run of steps', () => {
  test.each<[string, (MadeStep | null)[], number, string, string[]]>([
    [
      'that ended soon after a step broke',
      [held(10), failing(20), { started: 40, p95Ms: 400, errorRatio: 0 }, null, null],
      21_500,
      'held 10/s (p95 latency 400 ms), broke at 20/s: 50 % failed',
      ['held', 'broke', 'cut short', 'not reached', 'not reached'],
    ],
    [
      'that broke by its latency',
      [held(10), held(20), slow(30), null],
      31_000,
      'held 20/s (p95 latency 400 ms), broke at 30/s: p95 latency 6000 ms',
      ['held', 'held', 'broke', 'not reached'],
    ],
    [
      'that broke within a step, which ended it',
      [held(10), { started: 80, p95Ms: 300, errorRatio: 0.9 }],
      14_000,
      'held 10/s (p95 latency 400 ms), broke at 20/s: 90 % failed',
      ['held', 'broke'],
    ],
    [
      'that broke at once',
      [slow(10), null],
      11_000,
      'broke at 10/s: p95 latency 6000 ms',
      ['broke', 'not reached'],
    ],
    [
      'that never broke',
      [held(10), held(20)],
      20_000,
      'held 20/s (p95 latency 400 ms), the highest step: it did not break',
      ['held', 'held'],
    ],
    [
      'that was ended from outside',
      [held(10), { started: 30, p95Ms: 400, errorRatio: 0 }, null],
      12_000,
      'held 10/s (p95 latency 400 ms), and the run ended before anything broke',
      ['held', 'cut short', 'not reached'],
    ],
    [
      'whose last step was not offered',
      [held(10), { started: 120, p95Ms: 400, errorRatio: 0 }],
      20_000,
      'held 10/s (p95 latency 400 ms), 20/s was not offered: 12.0/s was achieved, so nobody knows where it breaks',
      ['held', 'not offered'],
    ],
  ])('%s', (_, steps, loadMs, sentence, verdicts) => {
    const summary = madeRun(steps, loadMs);
    expect(breakingPoint(summary)?.sentence).toBe(sentence);
    expect(summary.steps?.map(stepVerdict)).toEqual(verdicts);
  });

  const pointOf = (steps: (MadeStep | null)[], loadMs: number) => breakingPoint(madeRun(steps, loadMs));

  test('held what held before anything broke, whatever held after that', () => {
    const point = pointOf([held(10), slow(20), held(30)], 30_000);
    expect([point?.held?.ratePerSec, point?.broke?.ratePerSec, point?.isSafe]).toEqual([10, 20, false]);
  });

  test('is safe where its highest step held, of however many', () => {
    expect(pointOf([held(10), held(20), held(30)], 30_000)?.isSafe).toBe(true);
    expect(pointOf([held(10)], 10_000)?.isSafe).toBe(true);
    expect(pointOf([held(10), held(20), null], 20_000)?.isSafe).toBe(false);
    expect(pointOf([null, null], 100)).toMatchObject({ isSafe: false, sentence: 'no step was reached' });
  });

  test('that ended after a step that held, before the next, broke nothing', () => {
    expect(pointOf([held(10), held(20), null], 20_000)?.sentence).toBe(
      'held 20/s (p95 latency 400 ms), and the run ended before anything broke',
    );
  });

  test('says all that broke, failures first', () => {
    const stats = { count: 9, mean: 1, min: 1, p50: 1, p90: 1, p95: 700, p99: 1, max: 1 };
    const run = madeRun([held(10), { ...slow(20), errorRatio: 0.5 }], 20_000);
    const steps = run.steps?.map((step) => ({ ...step, ttftMs: stats, goodputRatio: 0.25 })) ?? [];
    const broke = (...metrics: string[]): string =>
      breakingPoint({
        steps,
        thresholds: metrics.map((metric) => ({ metric, expression: 'max<1', ok: false })),
      })?.sentence ?? '';
    expect(broke('ai_goodput{step:02}', 'ai_ttft_ms{step:02}', 'checks{step:02}', 'ai_errors{step:01}')).toBe(
      'held 10/s (p95 TTFT 700 ms), broke at 20/s: 50 % failed, p95 TTFT 700 ms, goodput 25 %',
    );
    expect(broke('ai_stall_ms{step:02}')).toMatch(/: ai_stall_ms did not meet max<1$/);
    expect(broke()).toMatch(/: 50 % failed$/);
  });

  test('a step that was offered, and that no threshold judged, is not judged', () => {
    const [step] = madeRun([held(10)], 10_000).steps ?? [];
    expect(stepVerdict({ ...step!, ok: null })).toBe('not judged');
    expect(stepVerdict({ ...step!, ok: null, achievedPerSec: 9.9 })).toBe('not offered');
    expect(stepVerdict({ ...step!, ok: null, achievedPerSec: null })).toBe('not offered');
  });

  const broken = madeRun([held(10), failing(20), null, null], 21_000);

  test('judges no threshold of a step that was not reached', () => {
    const own = broken.thresholds.filter(({ metric }) => metric.includes('step:03'));
    expect(own.map(({ ok }) => ok)).toEqual([null, null, null]);
    expect(broken.steps?.[2]).toMatchObject({
      reached: 'none',
      ok: null,
      achievedPerSec: null,
      errorRatio: null,
    });
    expect(broken.slo.breached.filter((name) => name.includes('step:'))).toEqual([
      'error_rate{step:02}: rate<0.05',
    ]);
  });

  test('says what it found first, then a row a step, and no line a threshold of a step', () => {
    const text = renderText(broken, { enableColors: false });
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines[0]).toBe('  breakpoint  held 10/s (p95 latency 400 ms), broke at 20/s: 50 % failed');
    expect(lines.filter((line) => line.includes('not reached'))).toHaveLength(2);
    expect(text).toMatch(/20\.0 +20\.0 +400 +50 % +broke/);
    expect(text).not.toContain('step:');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const markdown = renderMarkdown(broken);
    expect(markdown.split('\n').slice(0, 3)).toEqual([
      '## breakpoint: held 10/s (p95 latency 400 ms), broke at 20/s: 50 % failed',
      '',
      '❌ fail',
    ]);
    expect(markdown).not.toContain('step:');
  });

  test('passes no case of a threshold without a sample', () => {
    const cases = summaryJunit(broken)
      .split('\n')
      .filter((line) => line.includes('step:03'));
    expect(cases).toHaveLength(3);
    for (const one of cases) expect(one).toContain('<skipped message="not judged: no sample"/>');
  });
});

test('a run without steps has no breaking point', () => {
  expect(breakingPoint(buildSummary({}, { ...madeContext(), steps: [] }))).toBeNull();
});
