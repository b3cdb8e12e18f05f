import { describe, expect, test } from 'vitest';
import { Figures, MAX_SLICES, NOWHERE, type Point } from './figures.ts';
import { Tally } from './tally.ts';

const AT: Omit<Point, 'value' | 'offsetMs'> = {
  name: 'ai_latency_ms',
  type: 'trend',
  place: { ...NOWHERE, model: 'm', scenario: 's' },
};

describe('figures', () => {
  test('divide a metric by time and by part', () => {
    const figures = new Figures();
    figures.add({ ...AT, value: 10, offsetMs: 0 });
    figures.add({ ...AT, value: 30, offsetMs: 2500 });
    const metric = figures.metric('ai_latency_ms', 'trend');
    expect(figures.trend('ai_latency_ms').count).toBe(2);
    expect(metric.slices.map((cell) => cell?.count)).toEqual([1, undefined, 1]);
    expect(figures.partNames('model')).toEqual(['m']);
    expect(figures.partNames('provider')).toEqual([]);
    expect(figures.only('model', 'm').trend('ai_latency_ms').max).toBe(30);
  });

  test('stay bounded in time: slices widen, and no sample is lost', () => {
    const figures = new Figures();
    const seconds = MAX_SLICES * 5;
    for (let second = 0; second < seconds; second += 1) {
      figures.add({ ...AT, value: second, offsetMs: second * 1000 });
      figures.add({ ...AT, name: 'vus', type: 'gauge', value: 7, offsetMs: second * 1000 });
    }
    const { slices } = figures.metric('ai_latency_ms', 'trend');
    expect(figures.sliceMs).toBe(8000);
    expect(slices.length).toBeLessThanOrEqual(MAX_SLICES);
    expect(slices.reduce((sum, cell) => sum + (cell?.count ?? 0), 0)).toBe(seconds);
    const vus = figures.metric('vus', 'gauge').slices[0];
    expect(vus instanceof Tally ? vus.total : null).toBe(7);
  });

  test('of several machines add up: counters and VUs, not other gauges', () => {
    const [one, two] = [1, 2].map((machine) => {
      const figures = new Figures();
      figures.add({ ...AT, value: machine, offsetMs: 0 });
      figures.add({ ...AT, name: 'ai_output_tokens', type: 'counter', value: 100, offsetMs: 0 });
      figures.add({ ...AT, name: 'error_rate', type: 'rate', value: machine - 1, offsetMs: 0 });
      figures.add({ ...AT, name: 'vus', type: 'gauge', value: 5, offsetMs: 0 });
      figures.add({ ...AT, name: 'vllm:num_requests_running', type: 'gauge', value: 5, offsetMs: 0 });
      return figures;
    });
    two!.widenTo(4000);
    one!.merge(two!);
    expect(one!.sliceMs).toBe(4000);
    expect(one!.trend('ai_latency_ms').count).toBe(2);
    expect(one!.total('ai_output_tokens')).toBe(200);
    expect(one!.rate('error_rate')).toEqual({ hits: 1, trials: 2, ratio: 0.5 });
    expect(one!.total('vus')).toBe(10);
    expect(one!.total('vllm:num_requests_running')).toBe(5);
  });

  test.each([Number.NaN, Infinity, -1])('keep %d out, and count it', (value) => {
    const figures = new Figures();
    figures.add({ ...AT, value, offsetMs: 0 });
    expect(figures.trend('ai_latency_ms').count).toBe(0);
    expect(figures.rejected).toBe(1);
  });

  test('of nothing are empty', () => {
    const figures = new Figures();
    expect(figures.rate('error_rate').ratio).toBeNull();
    expect(figures.total('ai_output_tokens')).toBe(0);
    expect(figures.sliceCount()).toBe(0);
  });
});
