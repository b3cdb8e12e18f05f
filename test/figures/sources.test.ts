import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { parseFaultRule } from '../../src/tools/mock/faults/draw-faults.ts';
import { openInput } from '../../src/tools/results/read/open-input.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { fieldDifferences } from '../support/field-by-field.ts';
import { openMeter } from '../support/meter.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

/** One run of k6, told three times: by its own summary, by its samples, by its JSON output. */
type Sources = { own: Summary; samples: Summary; json: Summary };

async function sourcesOf(scenario: string, env: Readonly<Record<string, string>>): Promise<Sources> {
  const folder = folderOfTest(`sources-${scenario}`);
  const [samplesFile, jsonFile] = [path.join(folder, 'samples.jsonl'), path.join(folder, 'k6.json')];
  const bundle = path.join(PROJECT_ROOT, 'dist', `${scenario}.js`);
  await runK6(['--console-output', samplesFile, '--log-format', 'raw', '--out', `json=${jsonFile}`, bundle], {
    env: { LLM_RESULTS_DIR: folder, LLM_SAMPLES: '1', ...env },
    cwd: folder,
  });
  const own: Summary = JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8'));
  const [samples, json] = await Promise.all([openInput(samplesFile), openInput(jsonFile)]);
  return { own, samples: samples[0]!.summary, json: json[0]!.summary };
}

/** Per second: the last answer ends samples and JSON, and k6 goes on for a little. */
const RATES = ['durationMs', '*PerSec', 'metrics.*.rate', 'steps.*.achievedPerSec'];

/** What samples alone cannot tell, or tell in other words; all else is the same. */
const SAMPLES_MAY_DIFFER = [
  ...RATES,
  // A percentile's likely range is told only where there are samples.
  'trust.*',
  'totals.droppedIterations',
  '*.cutShort',
  '*.samplesRejected',
  'testTypes.*.droppedIterations',
  'providers.*.droppedIterations',
  'kinds.*.droppedIterations',
  'models.*.droppedIterations',
  'kinds.*.droppedIterations',
  // Of thresholds, those on what samples do not tell are not judged.
  'slo.*',
  'thresholds.checks*',
  'thresholds.dropped_iterations*',
  'thresholds.http_req_*',
  'thresholds.ai_delivered_ratio*',
  'load.deliveredRatio',
  'notes*',
  'histograms*',
  ...['http_*', 'data_*', 'iteration*', 'dropped_iterations', 'checks*', 'group_*', 'vus*', 'run_stops*'].map(
    (name) => `metrics.${name}`,
  ),
  ...['ai_delivered_ratio*', 'ai_icl_ms', 'ai_ratelimit_remaining*', 'ai_samples_rejected*'].map(
    (name) => `metrics.${name}`,
  ),
];

/** k6's JSON tells of no setting, no plan, no threshold, and begins with the first request. */
const JSON_MAY_DIFFER = [
  ...RATES,
  'trust*',
  'slo*',
  'thresholds*',
  'notes*',
  'histograms*',
  'settings*',
  'load*',
  'forecast',
  'steps*',
  'kinds*', // a run of one kind has no tag that tells it
  'target',
  'provider',
  'seed',
  'startedAt',
  'transport',
  'scenario',
  '*preflight',
  'stream', // told by the times of tokens alone
  'kinds*', // a run of one kind tags no sample with it
  'metrics.*{step:*', // it knows those of steps and windows that got something
  'metrics.*{window:*',
  'metrics.ai_requests_succeeded{phase:main}', // declared with a warm-up alone
  ...[
    'http_*',
    'data_*',
    'iteration*',
    'dropped_iterations',
    'vus*',
    'run_stops*',
    'ai_delivered_ratio*',
  ].map((name) => `metrics.${name}`),
];

/** Lists by what they are of, so that one more or less is one difference. */
function keyed(summary: Summary): object {
  const thresholds = summary.thresholds.map(({ metric, expression, ok }) => [`${metric}: ${expression}`, ok]);
  return { ...summary, thresholds: Object.fromEntries(thresholds) };
}

test('samples and k6 agree on every metric: failures, retries, held-back streams, warm-up', async () => {
  const rules = ['held_back=0.2', 'unavailable_503=0.2', 'rate_limit_seconds:1=0.1', 'no_usage=0.1'];
  const mock = await openMock({
    timing: { ttft: '20', tpot: '5', tokens: '20' },
    faults: rules.map((rule) => parseFaultRule(rule)),
  });
  const meter = await openMeter(mock.url);
  const { own, samples, json } = await sourcesOf('stress', {
    LLM_ABORT: 'after:5tokens@20%',
    LLM_ARRIVALS: 'poisson',
    LLM_BASE_URL: mock.url,
    LLM_METER_URL: meter.url,
    LLM_MIX: 'm=70,gpt-4.1=30',
    LLM_RATE: '20',
    LLM_RETRIES: '1',
    LLM_STREAM: '1',
    LLM_TIME_SCALE: '0.01',
    LLM_TRANSPORT: 'meter',
    LLM_WARMUP: '3s',
  });
  const { totals, metrics } = own;
  // All that it is about has happened.
  expect(
    Math.min(totals.aborted, totals.retries, totals.failed, totals.usageMissing, totals.unpriced),
  ).toBeGreaterThan(0);
  expect(metrics['ai_warnings{kind:held_back}']?.['count']).toBeGreaterThan(0);
  expect(metrics['ai_requests_started{phase:warmup}']?.['count']).toBeGreaterThan(0);
  const whole = { tolerance: 0.01, mayDiffer: SAMPLES_MAY_DIFFER };
  expect(fieldDifferences(keyed(own), keyed(samples), whole)).toEqual([]);
  expect(fieldDifferences(keyed(own), keyed(json), { ...whole, mayDiffer: JSON_MAY_DIFFER })).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['smoke', {}],
  ['baseline', { LLM_VUS: '3', LLM_TIME_SCALE: '0.006' }],
  ['spike', { LLM_RATE: '20', LLM_TIME_SCALE: '0.01' }],
  ['breakpoint', { LLM_RATE: '200', LLM_TIME_SCALE: '0.01' }],
  ['mixed', { LLM_VUS: '3', LLM_TIME_SCALE: '0.06', LLM_MIX: '' }],
  ['suite', { LLM_VUS: '3', LLM_TIME_SCALE: '0.004' }],
])('of %s the samples and the JSON tell what its own summary tells', async (name, env) => {
  // A failure would end the run of steps, and what was under way is cut short.
  const faults = name === 'breakpoint' ? [] : [parseFaultRule('server_500=0.1')];
  const mock = await openMock({ faults });
  const { own, samples, json } = await sourcesOf(name, {
    LLM_BASE_URL: mock.url,
    LLM_EXPECTED_LATENCY: '500ms',
    LLM_MIX: 'm=70,gpt-4.1=30',
    LLM_THINK_TIME: '0s',
    LLM_TIMEOUT: '5s',
    ...env,
  });
  expect(own.totals.requestsFinished).toBeGreaterThan(4);
  const whole = { tolerance: 0.01, mayDiffer: SAMPLES_MAY_DIFFER };
  expect(fieldDifferences(keyed(own), keyed(samples), whole)).toEqual([]);
  expect(fieldDifferences(keyed(own), keyed(json), { ...whole, mayDiffer: JSON_MAY_DIFFER })).toEqual([]);
});

test('samples and k6 agree on sessions: by turn, complete, broken', async () => {
  const mock = await openMock({ promptCache: true, faults: [parseFaultRule('unavailable_503=0.15')] });
  const folder = folderOfTest('sources-sessions');
  const file = path.join(folder, 'sessions.jsonl');
  const turns = [1, 2, 3].map((turn) => ({
    session: 'a',
    messages: [{ role: 'user', content: `Question ${turn}. ${'Tell me more. '.repeat(20)}` }],
    answer: { role: 'assistant', content: 'Well.' },
  }));
  await writeFile(file, turns.map((turn) => `${JSON.stringify(turn)}\n`).join(''));
  const { own, samples, json } = await sourcesOf('baseline', {
    LLM_BASE_URL: mock.url,
    LLM_DATASET: file,
    LLM_MIX: 'm=70,gpt-4.1=30',
    LLM_THINK_TIME: '0s',
    LLM_TIME_SCALE: '0.01',
    LLM_VUS: '3',
  });
  expect(own.sessions!.complete).toBeGreaterThan(5);
  expect(own.sessions!.broken).toBeGreaterThan(0);
  expect(own.turns!.map(({ turn }) => turn)).toEqual(['1', '2', '3']);
  expect(own.turns![2]!.cachedRatio).toBeGreaterThan(0.5);
  const whole = { tolerance: 0.01, mayDiffer: SAMPLES_MAY_DIFFER };
  expect(fieldDifferences(keyed(own), keyed(samples), whole)).toEqual([]);
  expect(fieldDifferences(keyed(own), keyed(json), { ...whole, mayDiffer: JSON_MAY_DIFFER })).toEqual([]);
});
