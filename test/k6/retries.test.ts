import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRIC_SPECS, type MetricType } from '../../src/lib/metrics/metric-list.ts';
import type { FaultName } from '../../src/tools/mock/faults/faults.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const PLAIN = {
  LLM_MIX: 'm',
  LLM_PREFLIGHT: '0',
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '10s',
  LLM_THRESHOLDS: 'ci',
};

/** A smoke run whose every request meets a fault. */
async function faulty(name: FaultName, param: number, retries: string) {
  const mock = await openMock({ faults: [{ name, param, ratio: 1, model: null }] });
  const run = await runBundle('smoke', { ...PLAIN, LLM_BASE_URL: mock.url, LLM_RETRIES: retries });
  return { ...run, mock };
}

describe('retries', () => {
  test('wait as the server asks, whatever form it asks in, and back off where it does not', async () => {
    const [seconds, date, absent, server] = await Promise.all([
      faulty('rate_limit_seconds', 1, '1'),
      faulty('rate_limit_date', 1, '1'),
      faulty('rate_limit_absent', 0, '1'),
      faulty('unavailable_503', 0, '1'),
    ]);
    for (const { summary, mock, code } of [seconds, date, absent, server]) {
      expect(code).toBe(99);
      expect(summary!.totals).toMatchObject({
        requestsFinished: 10,
        succeeded: 0,
        retries: 5,
        goodputRatio: 0,
      });
      expect(mock.truth().totals.requests).toBe(10);
      // Folded into one for goodput: five requests, not ten.
      expect(summary!.metrics['ai_goodput']).toMatchObject({ passes: 0, fails: 5 });
    }
    expect(seconds.summary!.totals.throttledMs).toBe(5000);
    expect(seconds.summary!.metrics['ai_retry_after_ms']).toMatchObject({ count: 10, min: 1000, max: 1000 });
    // A date has whole seconds: a second from now is at most one, and may be none.
    expect(date.summary!.metrics['ai_retry_after_ms']?.['count']).toBe(10);
    expect(date.summary!.totals.throttledMs).toBeLessThanOrEqual(5000);
    for (const { summary } of [absent, server]) {
      expect(summary!.metrics['ai_retry_after_ms']?.['count'] ?? 0).toBe(0);
      // Half a second, jittered over its upper half.
      expect(summary!.totals.throttledMs).toBeGreaterThanOrEqual(5 * 250);
      expect(summary!.totals.throttledMs).toBeLessThanOrEqual(5 * 500);
    }
  });

  test('are never made of what no retry mends', async () => {
    const runs = await Promise.all(
      (['insufficient_quota', 'auth_401', 'refuse_max_tokens', 'html_200'] as const).map((name) =>
        faulty(name, 400, '3'),
      ),
    );
    for (const { summary, mock } of runs) {
      expect(summary!.totals).toMatchObject({ retries: 0, requestsFinished: 5, succeeded: 0 });
      expect(mock.truth().totals.requests).toBe(5);
    }
  });
});

type Point = { type: string; metric: string; data: { value: number; tags?: Record<string, string> } };

function specOf(metric: string): MetricType | null {
  return Object.entries(METRIC_SPECS).find(([name]) => name === metric)?.[1].type ?? null;
}

/** Every sample that k6 wrote. */
async function pointsOf(folder: string): Promise<Point[]> {
  const text = await readFile(path.join(folder, 'points.json'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Point)
    .filter(({ type }) => type === 'Point');
}

describe('samples', () => {
  test('of the warm-up are counts alone, tagged as such; no tag holds an id, a prompt or an address', async () => {
    const mock = await openMock({ faults: [{ name: 'server_500', param: 0, ratio: 0.1, model: null }] });
    const { folder, summary } = await runBundle(
      'baseline',
      {
        ...PLAIN,
        LLM_BASE_URL: mock.url,
        LLM_VUS: '3',
        LLM_TIME_SCALE: '0.006',
        LLM_WARMUP: '1s',
        LLM_PREFLIGHT: '1',
      },
      ['--out', 'json=points.json'],
    );
    const points = await pointsOf(folder);
    const ours = points.filter(
      ({ metric }) => metric.startsWith('ai_') || /^(error_rate|token_|checks)/.test(metric),
    );
    const warm = ours.filter(({ data }) => data.tags?.['phase'] === 'warmup');
    const types = new Set(warm.map(({ metric }) => specOf(metric)));
    expect([...types]).toEqual(['counter']);
    const started = warm.filter(({ metric }) => metric === 'ai_requests_started').length;
    expect(summary!.totals.warmup.requests).toBe(started);
    const http = points.filter(({ metric }) => metric === 'http_reqs').map(({ data }) => data.tags?.['name']);
    expect(http.filter((name) => name === 'warmup')).toHaveLength(started);
    expect(http.filter((name) => name === 'preflight')).toHaveLength(2);
    expect(new Set(http)).toEqual(new Set(['preflight', 'warmup', 'llm']));

    const tags = new Map<string, Set<string>>();
    for (const { data } of ours) {
      for (const [tag, value] of Object.entries(data.tags ?? {})) {
        tags.set(tag, (tags.get(tag) ?? new Set()).add(value));
      }
    }
    // `group` and `check` are k6's own.
    const known = ['model', 'provider', 'stream', 'test_type', 'phase', 'kind', 'scenario', 'group', 'check'];
    expect([...tags.keys()].filter((tag) => !known.includes(tag))).toEqual([]);
    for (const [tag, values] of tags) expect(values.size, tag).toBeLessThanOrEqual(2);
  });
});
