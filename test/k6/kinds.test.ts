import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KINDS } from '../../src/lib/kinds/kinds.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import type { ModelTally } from '../../src/tools/mock/truth/model-tally.ts';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

/** Slow enough that tokens arrive one by one. */
const SEEN = { ttft: '30', tpot: '10', tokens: '6' } as const;

/** Dollars a million, so that sums are exact: what is embedded has no output price. */
const PRICES = { models: { m: { input: 2, output: 8 }, e: { input: 4 } } };

async function pricesFile(): Promise<string> {
  const folder = folderOfTest('kinds');
  const file = path.join(folder, 'prices.json');
  await writeFile(file, JSON.stringify(PRICES));
  return file;
}

async function openMeter(mock: Mock): Promise<string> {
  const cwd = folderOfTest('meter');
  const meter = startCli(['meter', '--port', '0', '--target', mock.url], { cwd, env: {} });
  onTestFinished(() => void meter.child.kill('SIGKILL'));
  await expect.poll(meter.output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n/);
  return meter.output().trim();
}

function usdOf(model: 'm' | 'e', { inputTokens, outputTokens }: ModelTally): number {
  const { input, output = 0 }: { input: number; output?: number } = PRICES.models[model];
  return (inputTokens * input + outputTokens * output) / 1e6;
}

/** Requests, tokens and dollars of a run with its preflight, as the mock counts them. */
function sumsOf({ totals }: Summary) {
  const { preflight } = totals;
  return {
    requests: totals.requestsFinished + (preflight?.requests ?? 0),
    inputTokens: totals.inputTokens + (preflight?.inputTokens ?? 0),
    outputTokens: totals.outputTokens + (preflight?.outputTokens ?? 0),
    costUsd: Number(((totals.costUsd ?? 0) + (preflight?.costUsd ?? 0)).toFixed(12)),
  };
}

const WAYS = KINDS.flatMap(({ name, answers }) =>
  (answers === 'text' ? ['http', 'meter', 'stream'] : ['http', 'meter']).map((way) => ({
    name,
    answers,
    way,
  })),
);

describe.each(WAYS)('$name, $way', ({ name, answers, way }) => {
  test('requests, tokens and dollars are what the mock counted', async () => {
    const mock = await openMock({ timing: SEEN });
    const isText = answers === 'text';
    const model = isText ? 'm' : 'e';
    const { code, output, summary } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_PROVIDER: 'mock',
      LLM_KIND: name,
      LLM_MIX: model,
      LLM_PRICES: await pricesFile(),
      LLM_INPUTS_PER_REQUEST: '3',
      ...(way === 'http' ? {} : { LLM_METER_URL: await openMeter(mock) }),
      ...(way === 'stream' ? { LLM_STREAM: '1' } : {}),
    });
    expect(scriptErrors(output)).toEqual([]);
    expect(code).toBe(0);
    const told = mock.truth().kinds[name]!;
    expect(mock.truth().totals).toEqual(told);
    const { requests, inputTokens, outputTokens } = told;
    expect(sumsOf(summary!)).toEqual({ requests, inputTokens, outputTokens, costUsd: usdOf(model, told) });
    const { totals, metrics } = summary!;
    expect(totals).toMatchObject({ succeeded: 5, unpriced: 0, usageMissing: 0, inputs: isText ? 0 : 15 });
    // On a busy machine a stream may come all at once, and then it has none.
    const timed = metrics['ai_ttft_ms']?.['count'] ?? 0;
    expect(timed).toBeLessThanOrEqual(way === 'stream' ? 5 : 0);
    if (way === 'stream') expect(timed).toBeGreaterThan(0);
    expect(metrics['ai_input_tokens_per_sec']?.['count'] ?? 0).toBe(isText ? 0 : 5);
    expect(metrics['token_throughput_per_sec']?.['count'] ?? 0).toBe(isText ? 5 : 0);
    expect(Object.keys(summary!.kinds)).toEqual([name]);
  });
});

test('a load of 70 % chat and 30 % embeddings is told apart, and its sum is the sum', async () => {
  const mock = await openMock({ timing: SEEN });
  const { code, output, summary } = await runBundle('baseline', {
    LLM_BASE_URL: mock.url,
    LLM_PROVIDER: 'mock',
    LLM_MIX: 'm=70,embeddings:e=30',
    LLM_PRICES: await pricesFile(),
    LLM_STREAM: '1',
    LLM_METER_URL: await openMeter(mock),
    LLM_VUS: '5',
    LLM_TIME_SCALE: '0.006',
    LLM_THINK_TIME: '0s',
    LLM_INPUTS_PER_REQUEST: '2',
  });
  expect(scriptErrors(output)).toEqual([]);
  expect(code).toBe(0);
  const { kinds, totals } = summary!;
  expect(Object.keys(kinds)).toEqual(['chat', 'embeddings']);
  const { chat, embeddings } = kinds;
  const sum = (pick: (totals: Summary['totals']) => number): number => pick(chat!) + pick(embeddings!);
  expect(sum(({ requestsFinished }) => requestsFinished)).toBe(totals.requestsFinished);
  expect(sum(({ inputTokens }) => inputTokens)).toBe(totals.inputTokens);
  // Doubles have dust in their last digits.
  expect(sum(({ costUsd }) => costUsd ?? 0)).toBeCloseTo(totals.costUsd ?? 0, 11);
  expect(embeddings!.requestsFinished / totals.requestsFinished).toBeCloseTo(0.3, 1);
  expect(embeddings).toMatchObject({
    outputTokens: 0,
    inputs: 2 * embeddings!.succeeded,
    ttftMs: { count: 0 },
  });
  expect(chat).toMatchObject({ inputs: 0, inputTokensPerSec: { count: 0 } });
  const told = mock.truth().kinds;
  expect(told['embeddings']!.requests).toBe(embeddings!.requestsFinished + 1);
  expect(told['chat']!.requests).toBe(chat!.requestsFinished + 1);
  expect(output).toMatch(/embeddings/);
});

test.each([
  [
    'streams of embeddings',
    { LLM_KIND: 'embeddings', LLM_STREAM: '1' },
    /LLM_STREAM.*0 for embeddings.*LLM_KIND=chat/s,
  ],
  ['turns of rerank', { LLM_KIND: 'rerank', LLM_TURNS: '3' }, /LLM_TURNS.*1 for rerank/s],
  ['a kind that there is none', { LLM_KIND: 'embed' }, /LLM_KIND.*chat, completions, responses/s],
  [
    'a kind of the mix that the preset does not take',
    { LLM_PROVIDER: 'anthropic', LLM_MIX: 'embeddings:e' },
    /LLM_MIX.*anthropic takes: messages/s,
  ],
  [
    'TTFT of embeddings',
    { LLM_KIND: 'embeddings', LLM_THRESHOLDS: 'streaming' },
    /ai_ttft_ms.*embeddings have no first token/s,
  ],
])('%s are refused at init', async (_, env, message) => {
  const { code, output } = await runBundle('smoke', env);
  expect(output).toMatch(message);
  expect(code).toBe(107);
});
