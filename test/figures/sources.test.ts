import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { METRIC_NAMES } from '../../src/lib/metrics/metric-list.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { parseFaultRule } from '../../src/tools/mock/faults/fault-choice.ts';
import { openInput } from '../../src/tools/results/open-input.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { fieldDifferences } from '../support/field-by-field.ts';
import { openMeter } from '../support/meter.ts';
import { openMock } from '../support/mock.ts';

/** One run of k6, told three times: by its own summary, by its samples, by its JSON output. */
type Sources = { own: Summary; samples: Summary; json: Summary };

async function sourcesOf(scenario: string, env: Readonly<Record<string, string>>): Promise<Sources> {
  const folder = await mkdtemp(path.join(tmpdir(), `k6-llm-sources-${scenario}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
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

/** Counters that no sample carries: single gaps, limits as last seen, values that were no numbers. */
const NOT_IN_SAMPLES = ['ai_icl_ms', 'ai_ratelimit_remaining', 'ai_samples_rejected'];

test('samples and k6 agree on every metric: failures, retries, held-back streams, warm-up', async () => {
  const rules = ['held_back=0.2', 'unavailable_503=0.2', 'rate_limit_seconds:1=0.1', 'no_usage=0.1'];
  const mock = await openMock({
    timing: { ttft: '20', tpot: '5', tokens: '20' },
    faults: rules.map((rule) => parseFaultRule(rule)),
  });
  const meter = await openMeter(mock.url);
  const { own, samples, json } = await sourcesOf('stress', {
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
  expect(Math.min(totals.retries, totals.failed, totals.usageMissing, totals.unpriced)).toBeGreaterThan(0);
  expect(metrics['ai_warnings{kind:held_back}']?.['count']).toBeGreaterThan(0);
  expect(metrics['ai_requests_started{phase:warmup}']?.['count']).toBeGreaterThan(0);
  const mayDiffer = ['*.rate', ...NOT_IN_SAMPLES];
  const of = (summary: Summary): object =>
    Object.fromEntries(METRIC_NAMES.map((name) => [name, countedOf(summary, name)]));
  expect(fieldDifferences(of(own), of(samples), { mayDiffer, tolerance: 0.01 })).toEqual([]);
  expect(fieldDifferences(of(own), of(json), { mayDiffer: ['*.rate'], tolerance: 0.01 })).toEqual([]);
});

/** A metric that got nothing may be missing, or be there with nothing in it. */
function countedOf({ metrics }: Summary, name: string): object | null {
  const values = metrics[name];
  return values === undefined || values['count'] === 0 ? null : values;
}
