import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

const folder = folderOfTests('workload');

async function file(name: string, text: string): Promise<string> {
  const full = path.join(folder, name);
  await writeFile(full, text);
  return full;
}

const env = (mock: Mock, other: Record<string, string>): Record<string, string> => ({
  LLM_PROVIDER: 'mock',
  LLM_BASE_URL: mock.url,
  LLM_MIX: 'm',
  LLM_PREFLIGHT: '0',
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '10s',
  LLM_THRESHOLDS: 'ci',
  ...other,
});

type Body = {
  messages: { role: string; content: string }[];
  max_tokens?: number;
  min_tokens?: number;
  ignore_eos?: boolean;
  tools?: unknown;
};

function bodiesOf(mock: Mock): Body[] {
  return (mock.truth().bodies ?? []).map(({ body }) => JSON.parse(body) as Body);
}

// A busy machine starts them late, and then says that the load was not delivered (exit 99).
describe('arrivals', () => {
  test('are Poisson as drawn from the seed: as many as the schedule holds, each once', async () => {
    const counts: number[] = [];
    for (const seed of ['1', '1', '2']) {
      const mock = await openMock();
      const settings = env(mock, {
        LLM_ARRIVALS: 'poisson',
        LLM_RATE: '50',
        LLM_TIME_SCALE: '0.001',
        LLM_SEED: seed,
      });
      const { output, summary } = await runBundle('soak', settings);
      expect(scriptErrors(output)).toEqual([]);
      const { totals, load, metrics } = summary!;
      expect(totals.requestsFinished).toBe(load.offered);
      expect(mock.truth().totals.requests).toBe(load.offered);
      expect(metrics['ai_schedule_lag_ms']?.['count']).toBe(load.offered);
      expect(metrics['ai_intended_latency_ms']?.['count']).toBe(totals.succeeded);
      // 50/s for 3.6 s: 180, within four standard deviations.
      expect(Math.abs(totals.requestsFinished - 180)).toBeLessThan(4 * Math.sqrt(180));
      counts.push(totals.requestsFinished);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[2]).not.toBe(counts[0]);
  });

  test('come from a trace: each request once, at its own length, whoever runs which half', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) => `${(index * 0.02).toFixed(3)},${20 + index},${4 + (index % 9)}`,
    );
    const trace = await file('trace.csv', ['time_s,input_tokens,output_tokens', ...rows].join('\n'));
    const mock = await openMock({ keepBodies: true, timing: { ttft: '5', tpot: '0', tokens: '50' } });
    const settings = env(mock, { LLM_ARRIVALS: `trace:${trace}`, LLM_TIME_SCALE: '1' });
    const halves = await Promise.all(
      ['0:1/2', '1/2:1'].map((segment) =>
        runBundle('soak', settings, [
          '--execution-segment',
          segment,
          '--execution-segment-sequence',
          '0,1/2,1',
        ]),
      ),
    );
    expect(halves.flatMap(({ output }) => scriptErrors(output))).toEqual([]);
    expect(halves.map(({ summary }) => summary!.totals.requestsFinished).reduce((a, b) => a + b, 0)).toBe(60);
    const asked = bodiesOf(mock).map(({ max_tokens, min_tokens, ignore_eos }) => ({
      max_tokens,
      min_tokens,
      ignore_eos,
    }));
    expect(asked).toHaveLength(60);
    for (const { max_tokens, min_tokens, ignore_eos } of asked)
      expect([min_tokens, ignore_eos]).toEqual([max_tokens, true]);
    const wanted = rows.map((row) => Number(row.split(',')[2])).toSorted((a, b) => a - b);
    expect(asked.map(({ max_tokens }) => max_tokens ?? 0).toSorted((a, b) => a - b)).toEqual(wanted);
    const prompts = new Set(bodiesOf(mock).map(({ messages }) => messages.at(-1)?.content));
    expect(prompts.size).toBe(60);
  });

  test('of a trace are what the forecast and the load figures tell', async () => {
    // 30 a second for 2 s, then 10 a second for 2 s: nothing like the scenario's own rate.
    const times = [
      ...Array.from({ length: 60 }, (_, i) => i / 30),
      ...Array.from({ length: 20 }, (_, i) => 2 + i / 10),
    ];
    const rows = times.map((time, index) => `${time.toFixed(3)},${index % 2 === 0 ? 100 : 300},10`);
    const trace = await file('rates.csv', ['time_s,input_tokens,output_tokens', ...rows].join('\n'));
    const mock = await openMock({ timing: { ttft: '5', tpot: '0', tokens: '50' } });
    const { summary, output } = await runBundle(
      'soak',
      env(mock, { LLM_ARRIVALS: `trace:${trace}`, LLM_SYSTEM_PROMPT: 'none', LLM_SAMPLES: '1' }),
    );
    expect(scriptErrors(output)).toEqual([]);
    const { forecast, totals, load } = summary!;
    expect(forecast).toMatchObject({ requests: 80, inputTokens: 80 * 200, outputTokens: 80 * 10 });
    expect(totals).toMatchObject({ requestsFinished: 80, outputTokens: 80 * 10 });
    expect(load).toMatchObject({ offered: 80, peakRatePerSec: 30 });
    // The planned load of the report: a point pair for each second.
    const [, stages = ''] = /"stages":(\[.*?\]\]\}\])/.exec(output.replaceAll('\\"', '"')) ?? [];
    const planned = JSON.parse(stages) as { points: [number, number][] }[];
    expect(planned[0]?.points.filter((_, index) => index % 2 === 0).map(([, rate]) => rate)).toEqual([
      30, 30, 10, 10,
    ]);
  });

  test('begin behind a garbage collection that leaves room for half a megabyte a VU', async () => {
    const VUS = 200;
    const mock = await openMock();
    const rows = Array.from({ length: VUS }, () => '0.1');
    const trace = await file('at-once.csv', ['time_s', ...rows].join('\n'));
    const settings = env(mock, { LLM_ARRIVALS: `trace:${trace}`, GOGC: '100', GODEBUG: 'gctrace=1' });
    const { summary, output } = await runBundle('soak', settings);
    expect(scriptErrors(output)).toEqual([]);
    expect(summary!.load.vusAllocated).toBe(VUS);
    // gc 9 @0.8s 24%: …, 210->268->215 MB, …: what each collection left.
    const left = [...output.matchAll(/^gc \d+ @.*->(\d+) MB, /gm)].map(([, mb]) => Number(mb));
    // Without the room some 100 MB, with it near 200.
    expect(Math.max(...left)).toBeGreaterThan(VUS * 0.75);
  });

  test('of a trace that goes backwards stop the run, naming the row', async () => {
    const mock = await openMock();
    const trace = await file('back.csv', 'time_s\n1\n3\n2\n');
    const { code, output } = await runBundle('soak', env(mock, { LLM_ARRIVALS: `trace:${trace}` }));
    expect(code).toBe(107);
    expect(output).toMatch(/LLM_ARRIVALS.*4|line 4/s);
    expect(mock.truth().totals.requests).toBe(0);
  });
});

describe('requests', () => {
  test('of a conversation carry its history, and share their prefix', async () => {
    const mock = await openMock({ keepBodies: true, promptCache: true });
    const settings = env(mock, {
      LLM_TURNS: '3',
      LLM_SHARED_PREFIX_TOKENS: '50',
      LLM_OUTPUT_TOKENS: '30',
      LLM_STREAM: '1',
    });
    const { code, summary } = await runBundle('smoke', settings);
    expect(code).toBe(0);
    expect(summary!.totals.requestsFinished).toBe(15);
    // Later turns send the earlier ones again, and the forecast knows.
    const { forecast, totals } = summary!;
    expect(forecast).toMatchObject({ requests: 15, outputTokens: 15 * 30 });
    expect(totals.inputTokens / forecast!.inputTokens).toBeGreaterThan(0.75);
    expect(totals.inputTokens / forecast!.inputTokens).toBeLessThan(1.5);
    const bodies = bodiesOf(mock);
    const roles = bodies.map(({ messages }) => messages.map(({ role }) => role[0]).join(''));
    expect(roles).toEqual(Array.from({ length: 5 }, () => ['su', 'suau', 'suauau']).flat());
    for (let at = 0; at < bodies.length; at += 3) {
      const [first, second, third] = bodies.slice(at, at + 3).map(({ messages }) => messages);
      expect(second?.slice(0, 2)).toEqual(first);
      expect(third?.slice(0, 4)).toEqual(second);
      expect(second?.[2]?.content.length).toBeGreaterThan(0);
    }
    expect(new Set(bodies.map(({ messages }) => messages[0]?.content)).size).toBe(1);
    expect(summary!.totals.cachedInputTokens).toBe(mock.truth().totals.cachedInputTokens);
    expect(summary!.totals.cachedInputTokens).toBeGreaterThan(0);
  });

  test('come from a file, its bad rows told; and hold whatever LLM_EXTRA_BODY says', async () => {
    const mock = await openMock({ keepBodies: true });
    const rows = [
      '{"prompt":"Name a bird.","max_tokens":7}',
      'not json',
      '{"prompt":""}',
      '{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Name a fish."}]}',
    ];
    const dataset = await file('prompts.jsonl', rows.join('\n'));
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const { code, output } = await runBundle(
      'smoke',
      env(mock, {
        LLM_DATASET: dataset,
        LLM_EXTRA_BODY: JSON.stringify({ tools }),
        LLM_SYSTEM_PROMPT: 'none',
      }),
    );
    expect(code).toBe(0);
    expect(output).toMatch(/2 rows used.*line 2/);
    const bodies = bodiesOf(mock);
    for (const body of bodies) {
      expect(['Name a bird.', 'Name a fish.']).toContain(body.messages.at(-1)?.content);
      expect(body.tools).toEqual(tools);
      expect(body.max_tokens).toBe(body.messages.at(-1)?.content === 'Name a bird.' ? 7 : 800);
    }
  });

  test('from a file come each once before any comes again, which is told', async () => {
    const mock = await openMock({ keepBodies: true });
    const prompts = ['Name a bird.', 'Name a fish.', 'Name a tree.', 'Name a stone.'];
    const dataset = await file('four.jsonl', prompts.map((prompt) => JSON.stringify({ prompt })).join('\n'));
    const run = await runBundle('smoke', env(mock, { LLM_DATASET: dataset, LLM_PREFLIGHT: '0' }));
    const asked = bodiesOf(mock).map(({ messages }) => messages.at(-1)?.content ?? '');
    expect(asked).toHaveLength(5);
    expect(asked.slice(0, 4).toSorted()).toEqual(prompts.toSorted());
    expect(run.output.match(/all 4 rows have come once and now come again/g)).toHaveLength(1);
    expect(run.summary?.notes.join()).toMatch(/5 iterations used its 4 rows more than once/);
  });

  test.each([
    ['is not there', null, /readable file/],
    ['is empty', '', /empty/],
    ['holds no usable row', '{"prompt":""}\n', /no usable row/],
    ['is binary', 'PAR1\u0000\u0001', /Parquet|text/],
  ])('from a file that %s stop the run', async (_name, text, message) => {
    const mock = await openMock();
    const dataset = text === null ? path.join(folder, 'nowhere.jsonl') : await file('odd.jsonl', text);
    const { code, output } = await runBundle('smoke', env(mock, { LLM_DATASET: dataset }));
    expect(code).toBe(107);
    expect(output).toMatch(/LLM_DATASET/);
    expect(output).toMatch(message);
    expect(mock.truth().totals.requests).toBe(0);
  });

  test('of mixed come out 3, 2, 1', async () => {
    const mock = await openMock({
      timing: { ttft: '1', tpot: '0', tokens: '2' },
      slots: Number.POSITIVE_INFINITY,
    });
    const { LLM_MIX: _own, ...settings } = env(mock, { LLM_VUS: '10', LLM_TIME_SCALE: '0.05' });
    const { summary } = await runBundle('mixed', settings);
    const { requestsFinished } = summary!.totals;
    // Any stretch of n requests holds each task as often as its weight says, give or take 2 + log2(n); and each of the
    // ten users may be in the middle of one.
    const slack = 3 + Math.log2(requestsFinished) + 10;
    expect(requestsFinished).toBeGreaterThan(20);
    const { requestsFinished: ofShort } = summary!.models['deepseek-v3.2']!;
    expect(Math.abs(ofShort - requestsFinished * (2 / 6))).toBeLessThan(slack);
    const records = mock.truth().requestRecords ?? [];
    const streamed = records.filter(({ stream }) => stream).length;
    expect(Math.abs(streamed - records.length / 6)).toBeLessThan(slack);
  });
});

describe('retries', () => {
  test('honour Retry-After, count every try, and fold into one for goodput', async () => {
    const mock = await openMock({ rateLimit: { requestsPerMinute: 60, burstRequests: 2 } });
    const { code, summary } = await runBundle(
      'smoke',
      env(mock, { LLM_RETRIES: '5', LLM_THRESHOLDS: await lenient() }),
    );
    expect(code).toBe(0);
    const { totals, metrics } = summary!;
    expect(totals.succeeded).toBe(5);
    expect(totals.retries).toBeGreaterThan(0);
    expect(totals.requestsFinished).toBe(5 + totals.retries);
    expect(totals.rateLimited).toBe(totals.errors.rate_limited);
    expect(totals.throttledMs).toBeGreaterThan(0);
    expect(metrics['ai_goodput']).toMatchObject({ passes: 5, fails: 0 });
    expect(metrics['ai_retry_after_ms']?.['count']).toBe(totals.rateLimited);
  });

  test.each(['insufficient_quota', 'auth_401'] as const)('are never made for %s', async (name) => {
    const mock = await openMock({ faults: [{ name, param: 0, ratio: 1, model: null }] });
    const { summary } = await runBundle('smoke', env(mock, { LLM_RETRIES: '3' }));
    expect(summary!.totals).toMatchObject({ retries: 0, requestsFinished: 5 });
  });
});

/** One threshold that a throttled run meets. */
function lenient(): Promise<string> {
  return file(
    'lenient.json',
    JSON.stringify({ name: 'lenient', thresholds: { ai_requests_succeeded: ['count>0'] } }),
  );
}

describe('a budget', () => {
  test('stops the run that passes it', async () => {
    const mock = await openMock({ timing: { ttft: '1', tpot: '0', tokens: '50' } });
    const { LLM_MIX: _own, ...settings } = env(mock, {
      LLM_BUDGET_USD: '0.02',
      LLM_RATE: '100',
      LLM_TIME_SCALE: '0.1',
    });
    const { code, summary } = await runBundle('stress', settings);
    expect(code).toBe(99);
    expect(summary!.totals.costUsd).toBeGreaterThan(0.02);
    expect(summary!.durationMs).toBeLessThan(0.1 * 480_000);
    expect(summary!.slo.breached.join()).toContain('budget_spent_dollars');
    expect(summary!.notes.join(' ')).toMatch(/budget of \$0\.020000 was passed by/);
  });

  test('that the forecast passes refuses the run', async () => {
    const mock = await openMock();
    const { LLM_MIX: _own, ...settings } = env(mock, { LLM_BUDGET_USD: '0.01', LLM_BUDGET_MODE: 'refuse' });
    const { code, output } = await runBundle('stress', settings);
    expect(code).toBe(108);
    expect(output).toMatch(/LLM_BUDGET_USD: the forecast of \$\d+.*is over the budget/);
    expect(mock.truth().totals.requests).toBe(0);
  });
});

test('a warm-up is counted and not measured', async () => {
  const mock = await openMock();
  const { code, summary } = await runBundle(
    'baseline',
    env(mock, { LLM_VUS: '4', LLM_TIME_SCALE: '0.006', LLM_WARMUP: '1s' }),
  );
  expect(code).toBe(0);
  const { totals, metrics } = summary!;
  expect(totals.warmup.requests).toBeGreaterThan(0);
  expect(totals.requestsFinished).toBe(mock.truth().totals.requests);
  expect(metrics['ai_latency_ms']?.['count']).toBe(totals.succeeded - totals.warmup.requests);
  expect((metrics['error_rate']?.['passes'] ?? 0) + (metrics['error_rate']?.['fails'] ?? 0)).toBe(
    totals.requestsFinished - totals.warmup.requests,
  );
});

describe('capacity', () => {
  test('breakpoint names the step that breaks, and stops there', async () => {
    // 4 slots at 100 ms: 40 requests a second and no more.
    const mock = await openMock({ slots: 4, queue: 0, timing: { ttft: '100', tpot: '0', tokens: '1' } });
    const settings = env(mock, {
      LLM_RATE: '200',
      LLM_TIME_SCALE: '0.1',
      LLM_EXPECTED_LATENCY: '200ms',
      LLM_THRESHOLDS: 'default',
    });
    const { code, summary, output } = await runBundle('breakpoint', settings);
    expect(code).toBe(99);
    expect(summary).toMatchObject({ interrupted: null });
    const steps = summary!.steps!;
    expect(steps.map(({ ratePerSec }) => ratePerSec)).toEqual(
      Array.from({ length: 20 }, (_, index) => 10 * (index + 1)),
    );
    const broken = steps.findIndex(({ ok }) => ok === false);
    expect([30, 40, 50]).toContain(steps[broken]?.ratePerSec);
    expect(
      steps.slice(0, broken).every(({ ok, errorRatio }) => ok === true && (errorRatio ?? 1) < 0.05),
    ).toBe(true);
    // k6 judges every two seconds, so one more of three is begun, and no others.
    expect(steps.slice(broken + 2).every(({ reached, ok }) => reached === 'none' && ok === null)).toBe(true);
    expect(steps[broken + 1]).toMatchObject({ reached: 'part', ok: null });
    expect(output).toMatch(/breakpoint {2}held \d+\/s \(p95 latency \d+ ms\), broke at \d+\/s: \S+ % failed/);
    expect(output).not.toMatch(/(pass|FAIL|none) +\S+[{,]step:/);
    const judged = summary!.thresholds.filter(({ metric }) => metric.includes(`step:${broken + 3}`));
    expect(judged.every(({ ok }) => ok === null)).toBe(true);
    expect(JSON.stringify(summary)).not.toContain('start:');
  });

  test('breakpoint judges a step at its end, however long setup took', async () => {
    // Preflight asks more than once, so that setup takes longer than a step.
    const mock = await openMock({ timing: { ttft: '1500', tpot: '0', tokens: '1' } });
    const settings = env(mock, {
      LLM_RATE: '40',
      LLM_TIME_SCALE: '0.1',
      LLM_PREFLIGHT: '1',
      LLM_EXPECTED_LATENCY: '2s',
      LLM_THRESHOLDS: new URL('../fixtures/quick-answers.json', import.meta.url).pathname,
    });
    const { code, summary } = await runBundle('breakpoint', settings);
    expect(code).toBe(99);
    const { durationMs, metrics, steps } = summary!;
    expect(durationMs).toBeGreaterThanOrEqual(3000);
    expect(steps![0]).toMatchObject({ reached: 'whole', ok: false });
    expect(metrics['ai_requests_started{step:01}']?.['count']).toBeGreaterThanOrEqual(5);
    expect(steps!.at(-1)).toMatchObject({ reached: 'none', ok: null });
  });

  test('breakpoint asks, by the step, for what its arrivals are', async () => {
    const mock = await openMock();
    const settings = env(mock, {
      LLM_RATE: '40',
      LLM_TIME_SCALE: '0.01',
      LLM_ARRIVALS: 'poisson',
      LLM_EXPECTED_LATENCY: '2s',
      LLM_THRESHOLDS: new URL('../fixtures/rates-only.json', import.meta.url).pathname,
    });
    const { output, summary } = await runBundle('breakpoint', settings);
    expect(scriptErrors(output)).toEqual([]);
    const { load, steps } = summary!;
    // Steps of 0.3 s, whose arrivals are those of the schedule.
    const asked = steps!.reduce((sum, { ratePerSec }) => sum + ratePerSec * 0.3, 0);
    expect(asked).toBeCloseTo(load.offered!, 6);
    expect(new Set(steps!.map(({ ratePerSec }) => ratePerSec)).size).toBeGreaterThan(5);
  });
});
