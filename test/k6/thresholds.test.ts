import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  K6_METRICS,
  METRIC_NAMES,
  METRIC_SPECS,
  type MetricType,
} from '../../src/lib/metrics/metric-list.ts';
import { loadProfile, PROFILE_NAMES } from '../../src/lib/thresholds/load-profile.ts';
import { compileThresholds, type K6Thresholds } from '../../src/lib/thresholds/compile-thresholds.ts';
import { checkExpression } from '../../src/lib/thresholds/check-expression.ts';
import { isMet, parseExpression } from '../../src/lib/thresholds/expression.ts';
import { REFUSED_BY_K6, TAKEN_BY_K6 } from '../../src/lib/thresholds/made-expressions.ts';
import type { RunFacts } from '../../src/lib/thresholds/run-facts.ts';
import { type K6Result, runK6 } from '../influxdb/k6-run.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

// What real k6 makes of thresholds: the facts that src/lib/thresholds is built on.

const FACTS: RunFacts = {
  transport: 'meter',
  stream: true,
  recordsGaps: true,
  scheduled: true,
  openParts: ['t'],
  hasWarmup: false,
  models: ['openai/gpt-4.1:free', 'b'],
  testTypes: ['t'],
  providers: ['mock'],
  kinds: ['chat'],
  textKinds: ['chat'],
  tagsKind: false,
  windows: [],
  steps: [],
  hasOwnBehaviour: false,
  ownMetrics: [],
  turns: ['1', '2'],
  hasSessions: true,
};

/** Makes every metric of ours, and feeds those named in SAMPLES, once, with the model of the first name. */
const SCRIPT = `
import { check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const kinds = { trend: Trend, rate: Rate, counter: Counter, gauge: Gauge };
const metrics = {};
for (const [name, { type }] of Object.entries(${JSON.stringify(METRIC_SPECS)})) metrics[name] = new kinds[type](name);
export const options = { vus: 1, iterations: 1, thresholds: JSON.parse(__ENV.THRESHOLDS) };
export default function () {
  for (const [name, value] of Object.entries(JSON.parse(__ENV.SAMPLES))) {
    if (name === 'checks') check(value, { good: (given) => given > 0 });
    else metrics[name].add(value, { model: ${JSON.stringify(FACTS.models[0])}, test_type: 't' });
  }
}
export function handleSummary({ metrics }) {
  const verdicts = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([text, { ok }]) => [metric + ' ' + text, ok]));
  return { 'verdicts.json': JSON.stringify(Object.fromEntries(verdicts)) };
}
`;

const folder = folderOfTests('thresholds');
beforeAll(async () => {
  await writeFile(path.join(folder, 'script.js'), SCRIPT);
});

function run(thresholds: K6Thresholds, samples: Record<string, number> = {}): Promise<K6Result> {
  const env = { THRESHOLDS: JSON.stringify(thresholds), SAMPLES: JSON.stringify(samples) };
  return runK6(['script.js'], { env, cwd: folder });
}

const OK = 0;
const BREACHED = 99;
const BAD_CONFIG = 104;
const SUCCESS = { ai_requests_succeeded: 1, ai_requests_finished: 1, ai_delivered_ratio: 1 };

/** Beside `TAKEN_BY_K6`, which are of Trends. */
const ACCEPTED: Readonly<Record<MetricType, readonly string[]>> = {
  trend: TAKEN_BY_K6.map(([text]) => text),
  rate: ['rate<0.5', 'rate>=1'],
  counter: ['count<1', 'rate<1', 'count>=1'],
  gauge: ['value<5', 'value===1'],
};

function ofModel(model: string): K6Thresholds {
  return { [`error_rate{model:${model}}`]: ['rate<0.1'] };
}

describe('k6', () => {
  test('takes every expression that we take, and judges it as we do', async () => {
    const metrics: Readonly<Record<MetricType, string>> = {
      trend: 'ai_latency_ms',
      rate: 'error_rate',
      counter: 'ai_errors',
      gauge: 'ai_ratelimit_remaining',
    };
    const types = ['trend', 'rate', 'counter', 'gauge'] as const;
    const thresholds = Object.fromEntries(types.map((type) => [metrics[type], ACCEPTED[type]]));
    const samples = Object.fromEntries(types.map((type) => [metrics[type], 1]));
    expect((await run(thresholds, samples)).code).toBe(BREACHED);
    const verdicts: unknown = JSON.parse(await readFile(path.join(folder, 'verdicts.json'), 'utf8'));
    const judged = types.flatMap((type) =>
      // How long the run took is k6's to know.
      ACCEPTED[type]
        .filter((text) => type !== 'counter' || !text.startsWith('rate'))
        .map((text) => {
          const expression = parseExpression(text);
          return [`${metrics[type]} ${text}`, expression === null ? null : isMet(expression, 1)];
        }),
    );
    expect(verdicts).toMatchObject(Object.fromEntries(judged));
  });

  test.concurrent.each(REFUSED_BY_K6)('refuses %j on a Trend, as we do', async (text) => {
    expect(checkExpression(text, 'trend')).toMatchObject({ kind: 'wrong' });
    expect((await run({ ai_latency_ms: [text] })).code).toBe(BAD_CONFIG);
  });

  test.each<[string, MetricType, string]>([
    ['ai_latency_ms', 'trend', 'count>0'],
    ['error_rate', 'rate', 'count>0'],
    ['ai_errors', 'counter', 'value<1'],
    ['ai_ratelimit_remaining', 'gauge', 'max<1'],
  ])('refuses %s (%s): %s, as we do', async (metric, type, text) => {
    expect(checkExpression(text, type)).toMatchObject({ kind: 'wrong' });
    expect((await run({ [metric]: [text] })).code).toBe(BAD_CONFIG);
  });

  test('knows every metric of the list, ours and its own', async () => {
    const names = [...METRIC_NAMES, ...Object.keys(K6_METRICS)];
    expect((await run(Object.fromEntries(names.map((name) => [name, []])))).code).toBe(OK);
  });

  test('passes a threshold on a Trend without samples; compiled, it fails', async () => {
    const thresholds = { ai_ttft_ms: ['p(95)<3000'] };
    expect((await run(thresholds, SUCCESS)).code).toBe(OK);
    const compiled = compileThresholds({ name: 'p', thresholds }, FACTS, 'p');
    expect((await run(compiled, SUCCESS)).code).toBe(BREACHED);
    expect((await run(compiled, { ...SUCCESS, ai_ttft_ms: 200 })).code).toBe(OK);
  });

  test('passes a Rate of a model that was never asked; compiled, it fails', async () => {
    const compiled = (model: string): K6Thresholds =>
      compileThresholds({ name: 'p', thresholds: ofModel(model) }, FACTS, 'p');
    const samples = { ...SUCCESS, error_rate: 0 };
    expect((await run(ofModel('b'), samples)).code).toBe(OK);
    expect((await run(compiled('b'), samples)).code).toBe(BREACHED);
    expect((await run(compiled('openai/gpt-4.1:free'), samples)).code).toBe(OK);
  });

  test('fails an open run of which nobody told how much was started', async () => {
    const compiled = compileThresholds({ name: 'p', thresholds: {} }, FACTS, 'p');
    const { ai_delivered_ratio: _, ...untold } = SUCCESS;
    expect((await run(compiled, untold)).code).toBe(BREACHED);
    expect((await run(compiled, { ...untold, ai_delivered_ratio: 0.9 })).code).toBe(BREACHED);
    expect((await run(compiled, SUCCESS)).code).toBe(OK);
  });

  test.each(PROFILE_NAMES)('%s: fails a run without a sample, passes a good one', async (name) => {
    const compiled = compileThresholds(
      loadProfile(name, () => ''),
      FACTS,
      name,
    );
    expect((await run(compiled)).code).toBe(BREACHED);
    // k6's own HTTP metrics need a server: they are judged in the runs of whole bundles.
    const { 'http_req_duration{name:llm}': _, ...own } = compiled;
    const good = { ...SUCCESS, ai_latency_ms: 900, ai_ttft_ms: 200, error_rate: 0, checks: 1 };
    expect((await run(own, good)).code).toBe(OK);
  });
});
