import { describe, expect, test } from 'vitest';
import type { Summary } from '../../../lib/summary/summary.ts';
import { Figures, NOWHERE } from '../figures/figures.ts';
import { firstBreak } from '../../report/first-break.ts';
import { summaryFromFigures } from './summary-from-figures.ts';
import { Timeline } from '../figures/timeline.ts';

type Second = { requests: number; latencyMs: number; failed?: number };

/** A run in seconds: in each, so many requests of one latency, some of them failed. */
function figuresOf(seconds: readonly Second[]): Figures {
  const figures = new Figures();
  const place = { ...NOWHERE, model: 'm' };
  for (const [second, { requests, latencyMs, failed = 0 }] of seconds.entries()) {
    const offsetMs = second * 1000 + 1;
    for (let at = 0; at < requests; at += 1) {
      const isOk = at >= failed;
      figures.add({ name: 'ai_requests_started', type: 'counter', value: 1, offsetMs, place });
      figures.add({ name: 'ai_requests_finished', type: 'counter', value: 1, offsetMs, place });
      figures.add({ name: 'error_rate', type: 'rate', value: isOk ? 0 : 1, offsetMs, place });
      if (!isOk) continue;
      figures.add({ name: 'ai_requests_succeeded', type: 'counter', value: 1, offsetMs, place });
      figures.add({ name: 'ai_latency_ms', type: 'trend', value: latencyMs, offsetMs, place });
    }
  }
  return figures;
}

function summaryOf(figures: Figures, thresholds: Summary['thresholds']): Summary {
  const run = {
    scenario: 's',
    startedAt: null,
    durationMs: 60_000,
    seed: 1,
    thresholds,
    notes: [],
    facts: null,
    declared: [],
    untold: [],
  };
  return summaryFromFigures(figures, run);
}

const LATENCY = { metric: 'ai_latency_ms', expression: 'p(95)<5000', ok: false };
const ERRORS = { metric: 'error_rate', expression: 'rate<0.05', ok: false };

describe('what broke first', () => {
  const good = Array.from({ length: 10 }, () => ({ requests: 50, latencyMs: 100 }));
  const slow = Array.from({ length: 10 }, () => ({ requests: 80, latencyMs: 6000 }));
  const failing = Array.from({ length: 5 }, () => ({ requests: 60, latencyMs: 100, failed: 30 }));

  test('is nothing where all thresholds were met', () => {
    const figures = figuresOf(good);
    expect(firstBreak(summaryOf(figures, [{ ...LATENCY, ok: true }]), figures)).toBeNull();
  });

  test('is the limit that was passed earliest, with its moment and rate', () => {
    const figures = figuresOf([...good, ...failing, ...slow]);
    expect(firstBreak(summaryOf(figures, [LATENCY, ERRORS]), figures)).toEqual({
      atMs: 10_000,
      sentence:
        'error_rate passed its limit (rate<0.05) 10.0 s into the load, at 60.0 requests/s: it stood at 50 %.',
    });
  });

  test('is the first failure in the stretch that it takes to tell, not its beginning', () => {
    // One request a second: it takes twenty to judge a rate, and the server was killed at 10 s.
    const killed = Array.from({ length: 30 }, (_, second) => ({
      requests: 1,
      latencyMs: 100,
      failed: second < 10 ? 0 : 1,
    }));
    const figures = figuresOf(killed);
    const found = firstBreak(summaryOf(figures, [ERRORS]), figures);
    expect(found?.atMs).toBe(10_000);
    expect(found?.sentence).toContain('10.0 s into the load');
  });

  test.each([
    [0, 'within the first 4.0 s of the load'],
    [100, 'between 1 min 40 s and 1 min 44 s into the load'],
  ])('is no more exact than the slices of a long run: at %i s', (at, words) => {
    const long = Array.from({ length: 400 }, (_, second) => ({
      requests: 5,
      latencyMs: 100,
      failed: second < at ? 0 : 5,
    }));
    const figures = figuresOf(long);
    expect(firstBreak(summaryOf(figures, [ERRORS]), figures)?.sentence).toContain(words);
  });

  test('is no hiccup of one second among good ones', () => {
    const hiccup = { requests: 50, latencyMs: 9000 };
    const figures = figuresOf([...good, hiccup, ...good, ...slow]);
    expect(firstBreak(summaryOf(figures, [LATENCY]), figures)?.atMs).toBe(21_000);
  });

  test('is told of the whole run where no moment shows it, and where there are no samples', () => {
    const figures = figuresOf(good);
    const checks = { metric: 'checks', expression: 'rate>0.95', ok: false };
    const summary = summaryOf(figures, [checks]);
    const sentence = 'checks: rate>0.95 was not met, over the run as a whole.';
    expect(firstBreak(summary, figures)).toEqual({ atMs: null, sentence });
    expect(firstBreak(summary, null)).toEqual({ atMs: null, sentence });
  });
});

describe('a timeline', () => {
  const figures = figuresOf([
    { requests: 10, latencyMs: 100 },
    { requests: 20, latencyMs: 300 },
    { requests: 5, latencyMs: 200 },
  ]);

  test('gives rates per second, the last slice by its own length', () => {
    const timeline = new Timeline(figures, 2500);
    expect(timeline.perSecond('ai_requests_started').map(({ value }) => value)).toEqual([10, 20, 10]);
    expect(timeline.durationSec).toBe(2.5);
  });

  test('leaves out a rate of a last slice that is next to nothing', () => {
    const timeline = new Timeline(figures, 2100);
    expect(timeline.perSecond('ai_requests_started')).toHaveLength(2);
  });

  test('goes on to the answers that came after the load', () => {
    const timeline = new Timeline(figures, 1000);
    expect(timeline.durationSec).toBe(3);
    expect(timeline.perSecond('ai_requests_finished').map(({ value }) => value)).toEqual([10, 20, 5]);
  });

  test('adds up, and knows nothing of slices without samples', () => {
    const timeline = new Timeline(figures, 3000);
    expect(timeline.cumulative('ai_requests_started').map(({ value }) => value)).toEqual([10, 30, 35]);
    expect(timeline.quantile('ai_ttft_ms', 0.5).map(({ value }) => value)).toEqual([null, null, null]);
  });

  test('gives percentiles of slices that have samples enough', () => {
    const busy = [100, 300, 200].map((latencyMs) => ({ requests: 30, latencyMs }));
    const timeline = new Timeline(figuresOf(busy), 3000);
    expect(timeline.quantile('ai_latency_ms', 0.5).map(({ value }) => Math.round(value ?? 0))).toEqual([
      100, 300, 200,
    ]);
  });
});
