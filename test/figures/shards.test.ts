import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseSample } from '../../src/lib/samples/parse-sample.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { differences } from '../../src/tools/compare/differences.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { startMock } from '../../src/tools/mock/server/start-mock.ts';
import { runCli } from '../support/cli.ts';
import { fieldDifferences } from '../support/field-by-field.ts';
import { QUICK } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

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

/** k6 hands out no samples of its own Trends, and sums no percentile: those of the whole are unknown. */
const UNTOLD_BY_K6 = ['med', 'p(90)', 'p(95)', 'p(99)'].flatMap((stat) => [
  `metrics.http_req_*.${stat}`,
  `metrics.iteration_duration*.${stat}`,
]);

/** What may differ, and why. */
const MAY_DIFFER = [
  'settings.LLM_RESULTS_DIR', // each its own
  'settings.LLM_METER_URL',
  'load.vusNeeded', // by the latency seen
  'load.deliveredRatio', // as of the last look
  'trust.state', // what a machine that is busy with other things does to one of the two
  'trust.reasons.*',
  'slo.breached.*',
  'recovery.*', // null where a window has too few requests
  'steps.*.reached', // a run ends with the first step that breaks
  'steps.*.ok',
  'findings.*', // words on times that were measured
  // Which stretches of time got something: the last answer may fall into one more.
  'histograms.metrics.*.slice:*',
  'histograms.metrics.*.step:*',
  'histograms.metrics.*.window:*',
  ...UNTOLD_BY_K6,
];

/** Of requests that are the same in both, whatever the machine: how many, their tokens and their dollars. */
const COUNTED = new RegExp(
  [
    /^(?:totals|(?:models|testTypes|providers|kinds)\.[^.]+)\.(?!.*(?:Ms|PerSec|Ratio|preflight)).*/.source,
    /^(?:totals|(?:models|testTypes|providers|kinds)\.[^.]+)\.\w+\.count$/.source,
    /^metrics\.(?:ai_\w+|iterations)(?:\{model:[^}]*\})?\.count$/.source,
    /^metrics\.(?:error_rate|success_rate|checks|ai_goodput)\.(?:passes|fails)$/.source,
  ].join('|'),
);

/** Notes but those that tell of the parts, and their numbers where those are measured. */
function notesOf({ notes }: Summary): string[] {
  return notes.filter((note) => !/^merged from 2 parts|^the 2 k6 processes ended with/.test(note));
}

/** A measured number is a number; how large it is, another run decides. */
function shapeOf(value: unknown, isSame: boolean, field = ''): unknown {
  if (isSame && COUNTED.test(field) && (typeof value !== 'object' || value === null)) return value;
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
      shapeOf(one, isSame, field === '' ? name : `${field}.${name}`),
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
    notes: notesOf(summary),
    thresholds: Object.fromEntries(thresholds),
  };
}

/** Latencies of all requests that the parts measured, in order. */
async function latenciesOf(folders: readonly string[]): Promise<number[]> {
  const texts = await Promise.all(
    folders.map((folder) => readFile(path.join(folder, 'samples.jsonl'), 'utf8')),
  );
  const records = texts.flatMap((text) => text.split('\n').flatMap((line) => parseSample(line) ?? []));
  return records
    .flatMap(({ phase, latencyMs }) => (phase === 'warmup' || latencyMs === null ? [] : [latencyMs]))
    .toSorted((a, b) => a - b);
}

/** Histograms are this coarse. */
const COARSE = 0.01;

/** What the parts are told as is what their samples are when they are put together. */
function expectStatsOf(sorted: readonly number[], stats: Summary['metrics'][string]): void {
  expect(stats['count']).toBe(sorted.length);
  const at = (index: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
  const near = (stat: string, low: number, high: number): void => {
    const value = stats[stat];
    expect(value).toBeGreaterThanOrEqual(low * (1 - COARSE));
    expect(value).toBeLessThanOrEqual(high * (1 + COARSE));
  };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  near('avg', mean, mean);
  near('min', at(0), at(0));
  near('max', at(sorted.length), at(sorted.length));
  const quantiles = [
    [0.5, 'med'],
    [0.9, 'p(90)'],
    [0.95, 'p(95)'],
    [0.99, 'p(99)'],
  ] as const;
  for (const [q, stat] of quantiles) {
    const rank = Math.floor(q * (sorted.length - 1));
    near(stat, at(rank - 1), at(rank + 2));
  }
}

// Side by side: they mostly wait.
test.concurrent.for<[string, Record<string, string>]>([
  ['baseline', { LLM_VUS: '4', LLM_TIME_SCALE: '0.008', LLM_WARMUP: '1s' }],
  ['stress', { LLM_VUS: '4', LLM_TIME_SCALE: '0.003' }],
  // Drawn start times are the same for both, so each sends the same requests.
  ['soak', { LLM_ARRIVALS: 'poisson', LLM_RATE: '20', LLM_TIME_SCALE: '0.0012', LLM_TIMEOUT: '30s' }],
  ['spike', { LLM_RATE: '20', LLM_TIME_SCALE: '0.015' }],
  ['breakpoint', { LLM_RATE: '100', LLM_TIME_SCALE: '0.01' }],
  ['mixed', { LLM_VUS: '4', LLM_TIME_SCALE: '0.06', LLM_MIX: '' }],
  ['suite', { LLM_VUS: '4', LLM_TIME_SCALE: '0.004' }],
])('%s in two parts tells what it tells in one, field by field', async ([scenario, env], own) => {
  const mock = await startMock({ timing: QUICK });
  own.onTestFinished(() => mock.close());
  const cwd = folderOfTest(`shards-${scenario}`, own);
  const { path: K6_BIN } = await findK6(() => {});
  const run = async (folder: string, flags: readonly string[]): Promise<Summary> => {
    const settings = {
      K6_BIN,
      LLM_BASE_URL: mock.url,
      LLM_BUDGET_USD: '5',
      LLM_EXPECTED_LATENCY: '500ms',
      LLM_MIX: 'gpt-4.1=50,m=50',
      LLM_RESULTS_DIR: folder,
      LLM_THINK_TIME: '100ms',
      LLM_THRESHOLDS: 'default',
      LLM_TIMEOUT: '5s',
      ...env,
    };
    const { stderr } = await runCli(['run', scenario, ...flags, '--', '--quiet'], { cwd, env: settings });
    const text = await readFile(path.join(cwd, folder, 'summary.json'), 'utf8').catch(() => stderr);
    return JSON.parse(text);
  };
  const [whole, two] = [await run('whole', []), await run('two', ['--shards', '2'])];
  // Dollars are added up in another order.
  const rules = { tolerance: 1e-9, mayDiffer: MAY_DIFFER };
  const missed = [...missedSteps(whole), ...missedSteps(two)];
  const isSame = env['LLM_ARRIVALS'] !== undefined;
  const [one, parts] = [whole, two].map((summary) => shapeOf(keyed(summary, missed), isSame));
  expect(fieldDifferences(one, parts, rules)).toEqual([]);
  const folders = [0, 1].map((part) => path.join(cwd, 'two', `shard-${part}`));
  expectStatsOf(await latenciesOf(folders), two.metrics['ai_latency_ms'] ?? {});
  expect(two.steps?.length).toBe(whole.steps?.length);
  expect(missed.length).toBeLessThan(whole.steps?.length ?? 1);
  expect(two.settings['LLM_BUDGET_USD']).toBe('5');
  expect(two.totals.requestsFinished).toBeGreaterThan(0);
  // k6-llm compare takes them.
  expect(differences(whole, two)).toEqual([]);
});
