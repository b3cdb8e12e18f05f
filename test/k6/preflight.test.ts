import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';

type Chat = { model: string; stream?: boolean; temperature?: number; max_tokens?: number };

/** A server that answers every chat request under a name of its own, and keeps what it was asked. */
async function openAlias(name: string, models: { status: number; body: string }) {
  const asked: Chat[] = [];
  const url = await openPlainServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      const isChat = request.method === 'POST';
      if (isChat) asked.push(JSON.parse(text) as Chat);
      const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
      const choices = [{ index: 0, message: { role: 'assistant', content: 'OK.' }, finish_reason: 'stop' }];
      response.writeHead(isChat ? 200 : models.status, { 'content-type': 'application/json' });
      response.end(isChat ? JSON.stringify({ model: name, choices, usage }) : models.body);
    });
  });
  return { url, asked };
}

const LIST = { status: 200, body: '{"data":[{"id":"tiny-random"}]}' };

test('a name that did not answer is told, and gives no dollars', async () => {
  const { url } = await openAlias('tiny-random', LIST);
  const { summary } = await runBundle('smoke', { LLM_BASE_URL: url, LLM_MIX: 'gpt-4.1' });
  expect(summary!.notes.join('\n')).toContain(
    'asked gpt-4.1, answered tiny-random, the server lists only tiny-random',
  );
  expect(summary!.totals).toMatchObject({ succeeded: 5, unpriced: 5, costUsd: null });
  expect(summary!.totals.preflight!.costUsd).toBeNull();
  expect(summary!.forecast?.costUsd).toBeNull();
});

test("unless the user's own prices have the name that was asked", async () => {
  const { url } = await openAlias('tiny-random', LIST);
  const file = path.join(tmpdir(), `prices-${process.pid}.json`);
  await writeFile(file, JSON.stringify({ models: { 'gpt-4.1': { input: 1, output: 1 } } }));
  const { summary } = await runBundle('smoke', { LLM_BASE_URL: url, LLM_MIX: 'gpt-4.1', LLM_PRICES: file });
  expect(summary!.totals).toMatchObject({ succeeded: 5, unpriced: 0 });
  expect(summary!.totals.costUsd).toBeCloseTo(5 * 11e-6, 12);
});

test.each([[401], [403], [500]])('GET models that answers %i stops no run that goes well', async (status) => {
  const { url } = await openAlias('m', { status, body: 'no' });
  const { code, summary } = await runBundle('smoke', { LLM_BASE_URL: url, LLM_MIX: 'm' });
  expect(code).toBe(0);
  expect(summary!.totals.succeeded).toBe(5);
});

describe("each of setup's questions can be switched off, and only the chat request stops a run", () => {
  /** A server whose list of models leads elsewhere, and which answers every chat request. */
  async function openOdd() {
    const asked: string[] = [];
    const url = await openPlainServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        const limit = text === '' ? '' : ` ${(JSON.parse(text) as Chat).max_tokens}`;
        asked.push(`${request.method} ${request.url}${limit}`);
        if (request.method === 'GET') return response.writeHead(302, { location: '/login' }).end();
        const choices = [{ message: { role: 'assistant', content: 'OK.' }, finish_reason: 'stop' }];
        response.writeHead(200, { 'content-type': 'application/json' });
        const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
        return response.end(JSON.stringify({ model: 'm', choices, usage }));
      });
    });
    return { url, asked };
  }
  const MODELS = 'GET /v1/models';
  const CHAT = 'POST /v1/chat/completions 16';
  const METRICS = 'GET /metrics';

  test.each<[string, string[]]>([
    ['1', [METRICS, MODELS, CHAT, CHAT, CHAT]],
    ['0', []],
    ['chat', [CHAT]],
    ['-chat', [METRICS, MODELS, CHAT, CHAT]],
    ['-lengths,-models', [METRICS, CHAT]],
    ['models', [MODELS]],
    ['metrics', [METRICS]],
  ])('LLM_PREFLIGHT=%s', async (questions, expected) => {
    const { url, asked } = await openOdd();
    const { code, output, summary } = await runBundle('smoke', {
      LLM_BASE_URL: url,
      LLM_MIX: 'm',
      LLM_INPUT_TOKENS: '50',
      LLM_METRICS_URL: `${url.replace('/v1', '')}/metrics`,
      LLM_PREFLIGHT: questions,
    });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(asked.slice(0, asked.length - 5)).toEqual(expected);
    expect(summary!.totals.succeeded).toBe(5);
    expect(summary!.notes.some((note) => note.includes('/login'))).toBe(
      questions === '-chat' || questions === 'models',
    );
  });

  test('nothing is asked of a target that is not there, so the load tells it', async () => {
    const { code, summary } = await runBundle('smoke', {
      LLM_BASE_URL: 'http://127.0.0.1:9/v1',
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
    });
    expect(code).toBe(99);
    expect(summary!.totals.errors).toEqual({ network: 5 });
    expect(summary!.stopped).toBeNull();
  });
});

test('each form of request that mixed sends is tried before the load', async () => {
  const { url, asked } = await openAlias('m', LIST);
  const run = await runBundle('mixed', { LLM_BASE_URL: url, LLM_TIME_SCALE: '0.005', LLM_VUS: '1' });
  // What it says of streams is what it sends.
  expect(run.output).toContain('partly streamed over the http transport');
  expect(run.summary!.stream).toBe(true);
  expect(run.summary!.notes).toContainEqual(expect.stringContaining('no TTFT, TTFO or TPOT'));
  const tried = asked.filter((chat) => chat.max_tokens === 16);
  expect(tried.map(({ model, stream, temperature }) => [model, stream === true, temperature])).toEqual([
    ['gpt-4.1', false, 0.7],
    ['deepseek-v3.2', false, 0.1],
    ['gpt-4.1', true, 0.7],
  ]);
});

test('what was asked costs what was forecast, between its bounds', async () => {
  const mock = await openMock({ timing: { ttft: '1', tpot: '0', tokens: '800' } });
  const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1', LLM_MAX_TOKENS: '400' };
  const { output, summary } = await runBundle('smoke', env);
  const told = output
    .slice(output.indexOf('after preflight'))
    .replace(/" source=console\s*\S+ level=info msg="\s*/g, ' ');
  const [, least, most] = /\$([\d.]+) with short answers.*?\$([\d.]+) if every/s.exec(told) ?? [];
  expect(summary!.totals.costUsd).toBeGreaterThan(Number(least));
  const { costUsd, preflight } = summary!.totals;
  expect(preflight?.costUsd).toBeGreaterThan(0);
  expect((costUsd ?? 0) + (preflight?.costUsd ?? 0)).toBeLessThanOrEqual(Number(most));
});

test('setup takes no longer for long prompts than for short ones', async () => {
  const file = path.join(tmpdir(), `long-${process.pid}.json`);
  await writeFile(file, JSON.stringify([{ prompt: 'wren and lark '.repeat(2200) }]));
  const mock = await openMock();
  const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_TIMEOUT: '2s', LLM_DATASET: file };
  const { code, summary } = await runBundle('smoke', env);
  expect(code).not.toBe(100);
  expect(summary!.totals.requestsFinished).toBe(5);
});
