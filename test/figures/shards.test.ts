import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { differences } from '../../src/tools/compare/differences.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { startMock } from '../../src/tools/mock/server/start-mock.ts';
import { runCli } from '../support/cli.ts';
import { fieldDifferences } from '../support/field-by-field.ts';
import { QUICK } from '../support/mock.ts';

/** What a run planned, or was told: the same for the whole and for its parts as one. */
const PLANNED = [
  'schemaVersion',
  'scenario',
  'target',
  'provider',
  'seed',
  'transport',
  'stream',
  'stopped',
  'interrupted',
  'slo.judged.*',
  'load.*',
  'thresholds.*',
  'settings.*',
  'steps.*.ratePerSec',
];

/** What may differ, and why. */
const MAY_DIFFER = [
  'notes*', // they name the parts
  'settings.LLM_RESULTS_DIR',
  'settings.LLM_METER_URL',
  'load.vusNeeded', // by the latency seen
  'load.deliveredRatio', // as of the last look
  'trust*', // of few requests
  'slo.state',
  'slo.breached*',
  'recovery*', // by few requests a window
  'histograms*', // compressed bytes
  '*.errors*',
  'steps.*.reached',
  'steps.*.ok',
  // k6 sums no percentile, and leaves no samples of its own Trends.
  'metrics.http_req_*.p(*',
  'metrics.http_req_*.med',
  'metrics.iteration_duration.*',
  'metrics.http_req_duration{*.med',
  'metrics.ai_ratelimit_remaining*',
];

/** A measured number is a number; how large it is, another run decides. */
function shapeOf(value: unknown, field = ''): unknown {
  if (
    PLANNED.some((planned) =>
      new RegExp(`^${planned.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(field),
    )
  )
    return value;
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'string') return 'a text';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      shapeOf(one, field === '' ? name : `${field}.${name}`),
    ]),
  );
}

/** On a busy machine a run may begin late, and let a step pass by: such a step is held against nothing. */
function missedSteps({ steps }: Summary): string[] {
  return (steps ?? []).flatMap(({ achievedPerSec }, at) => (achievedPerSec === null ? [nameOfStep(at)] : []));
}

const nameOfStep = (at: number): string => String(at + 1).padStart(2, '0');

function keyed(summary: Summary, missed: readonly string[]): object {
  const thresholds = summary.thresholds.map(({ metric, expression }) => [`${metric}: ${expression}`, true]);
  const steps = summary.steps?.filter((_, at) => !missed.includes(nameOfStep(at))) ?? null;
  const metrics = Object.entries(summary.metrics).filter(
    ([name]) => !missed.some((step) => name.includes(`step:${step}`)),
  );
  return {
    ...summary,
    steps,
    metrics: Object.fromEntries(metrics),
    thresholds: Object.fromEntries(thresholds),
  };
}

// Side by side: they mostly wait.
test.concurrent.for<[string, Record<string, string>]>([
  ['baseline', { LLM_VUS: '4', LLM_TIME_SCALE: '0.008', LLM_WARMUP: '1s' }],
  ['stress', { LLM_VUS: '4', LLM_TIME_SCALE: '0.003' }],
  ['soak', { LLM_RATE: '20', LLM_TIME_SCALE: '0.0012' }],
  ['spike', { LLM_RATE: '20', LLM_TIME_SCALE: '0.015' }],
  ['breakpoint', { LLM_RATE: '200', LLM_TIME_SCALE: '0.01' }],
  ['mixed', { LLM_VUS: '4', LLM_TIME_SCALE: '0.06', LLM_MIX: '' }],
  ['suite', { LLM_VUS: '4', LLM_TIME_SCALE: '0.004' }],
])(
  '%s in two parts tells what it tells in one, field by field',
  { timeout: 240_000 },
  async ([scenario, env], { onTestFinished }) => {
    const mock = await startMock({ timing: QUICK });
    onTestFinished(() => mock.close());
    const cwd = await mkdtemp(path.join(tmpdir(), `k6-llm-shards-${scenario}-`));
    onTestFinished(() => rm(cwd, { recursive: true, force: true }));
    const { path: K6_BIN } = await findK6(() => {});
    const run = async (folder: string, flags: readonly string[]): Promise<Summary> => {
      const settings = {
        K6_BIN,
        LLM_BASE_URL: mock.url,
        LLM_BUDGET_USD: '5',
        LLM_EXPECTED_LATENCY: '500ms',
        LLM_MIX: 'gpt-4.1=50,m=50',
        LLM_RESULTS_DIR: folder,
        LLM_THINK_TIME: '0s',
        LLM_THRESHOLDS: 'default',
        LLM_TIMEOUT: '5s',
        ...env,
      };
      const { stderr } = await runCli(['run', scenario, ...flags, '--', '--quiet'], { cwd, env: settings });
      const text = await readFile(path.join(cwd, folder, 'summary.json'), 'utf8').catch(() => stderr);
      return JSON.parse(text);
    };
    const [whole, two] = [await run('whole', []), await run('two', ['--shards', '2'])];
    const rules = { tolerance: 0, mayDiffer: MAY_DIFFER };
    const missed = [...missedSteps(whole), ...missedSteps(two)];
    const [one, parts] = [whole, two].map((summary) => shapeOf(keyed(summary, missed)));
    expect(fieldDifferences(one, parts, rules)).toEqual([]);
    expect(two.steps?.length).toBe(whole.steps?.length);
    expect(missed.length).toBeLessThan(whole.steps?.length ?? 1);
    expect(two.settings['LLM_BUDGET_USD']).toBe('5');
    expect(two.totals.requestsFinished).toBeGreaterThan(0);
    // k6-llm compare takes them.
    expect(differences(whole, two)).toEqual([]);
  },
);
