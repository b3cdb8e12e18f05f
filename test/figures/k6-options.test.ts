import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { openInput } from '../../src/tools/results/read/open-input.ts';
import { runBundle } from '../support/bundle-run.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

/** A smoke run of the launcher, of a model without a price, with options of k6's own. */
async function launched(k6Args: readonly string[]): Promise<{ summary: Summary; folder: string }> {
  const mock = await openMock();
  const cwd = folderOfTest('options');
  const { path: K6_BIN } = await findK6(() => {});
  const env = { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_RESULTS_DIR: 'out', LLM_THINK_TIME: '0s' };
  await runCli(['run', 'smoke', '--', '--quiet', ...k6Args], { cwd, env });
  const folder = path.join(cwd, 'out');
  return { summary: JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8')), folder };
}

test('a run without k6’s summary, and a report of its samples, know what the run knew', async () => {
  const { summary, folder } = await launched(['--no-summary']);
  const [samples] = await openInput(path.join(folder, 'samples.jsonl'));
  for (const { totals, trust, slo, settings, notes } of [summary, samples!.summary]) {
    expect(totals).toMatchObject({ succeeded: 5, costUsd: null, costUsdPer1kRequests: null, unpriced: 5 });
    expect(totals).toMatchObject({ droppedIterations: null, cutShort: null, preflight: { requests: 1 } });
    expect(trust.state).toBe('too-short');
    expect(slo.state).toBe('not-judged');
    expect(settings['LLM_MIX']).toBe('m');
    expect(notes.join()).toContain('5 answers came from models without a price');
  }
});

const FEW_STATS = ['--summary-trend-stats', 'avg,max'];

test('statistics that k6 was told to leave out are unknown, and none is 0', async () => {
  const mock = await openMock();
  const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_THINK_TIME: '0s' };
  const { summary, output } = await runBundle('smoke', env, [...FEW_STATS, '--no-thresholds']);
  const { latencyMs, ttftMs, succeeded } = summary!.models['m']!;
  expect(succeeded).toBe(5);
  expect(latencyMs).toMatchObject({ count: null, p50: null, p95: null, p99: null, min: null });
  expect(latencyMs.mean).toBeGreaterThan(0);
  expect(latencyMs.max).toBeGreaterThanOrEqual(latencyMs.mean!);
  expect(ttftMs).toMatchObject({ mean: null, max: null });
  expect(summary!.slo.state).toBe('not-judged');
  expect(output).toMatch(/m +5 +0 +n\/a/);
});

test('the launcher fills them in from the samples', async () => {
  const { summary } = await launched(FEW_STATS);
  const { latencyMs } = summary.models['m']!;
  expect(latencyMs.count).toBe(5);
  expect(latencyMs.p50).toBeGreaterThan(0);
  expect(summary.metrics['ai_latency_ms']).toMatchObject({
    count: 5,
    'p(95)': latencyMs.p95,
    max: latencyMs.max,
  });
});
