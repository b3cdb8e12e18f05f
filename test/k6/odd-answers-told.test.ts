import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { type Ending, openEndingsServer } from '../support/servers/endings-server.ts';
import { openMeter } from '../support/meter.ts';
import { event } from '../support/stream-text.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const chunk = (model: string, delta: unknown, finish: string | null = null): string =>
  event({ model, choices: [{ index: 0, delta, finish_reason: finish }] });
const usage = (prompt: number, completion: number, more: object = {}): string =>
  event({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion, ...more } });
const stream = (body: string, close: Ending['close'] = 'last-chunk'): Ending => ({
  framing: 'chunked',
  body,
  close,
});

const DONE = event('[DONE]');
const ENDINGS: Record<string, Ending> = {
  // A finish reason that nobody knows, from a model of another price.
  'prod-chat': stream(
    chunk('gpt-4.1-2025-04-14', { content: 'Hi' }) +
      chunk('gpt-4.1-2025-04-14', {}, 'wibble') +
      usage(1_000_000, 250_000) +
      DONE,
  ),
  // Asked for by a name that has a price, and answered by one that has none.
  'gpt-4.1': stream(chunk('tiny-random', { content: 'Hi' }, 'stop') + usage(1000, 1000) + DONE),
  // Broke off when it had begun: billed, and nobody knows how much.
  'broke-off': stream(chunk('broke-off', { content: 'Hi' }), 'fin'),
  aborted: stream(chunk('aborted', { content: 'Hi' }, 'abort') + usage(3, 3) + DONE),
  hidden: stream(
    chunk('hidden', { content: 'Hi' }) +
      chunk('hidden', { content: '!' }, 'stop') +
      usage(10, 100, { completion_tokens_details: { reasoning_tokens: 98 } }) +
      DONE,
  ),
};

test.each(['http', 'meter'])(
  'what is odd in answers and their prices is counted and told: %s',
  async (transport) => {
    const folder = folderOfTest('prices');
    const prices = path.join(folder, 'prices.json');
    writeFileSync(prices, JSON.stringify({ models: { 'prod-chat': { input: 1, output: 4 } } }));
    const server = await openEndingsServer(ENDINGS);
    const meter = transport === 'meter' ? await openMeter(server.url) : null;
    const { output, summary } = await runBundle('baseline', {
      LLM_BASE_URL: server.url,
      LLM_MIX: Object.keys(ENDINGS).join(','),
      LLM_PRICES: prices,
      LLM_PREFLIGHT: '0',
      LLM_STREAM: '1',
      LLM_RETRIES: '1',
      LLM_THINK_TIME: '0s',
      LLM_VUS: '2',
      LLM_TIME_SCALE: '0.002',
      LLM_TRANSPORT: transport,
      ...(meter === null ? {} : { LLM_METER_URL: meter.url }),
    });
    const { totals, models, notes } = summary!;
    const of = (model: string) => models[model]!;
    const counts = Object.fromEntries(
      Object.keys(ENDINGS).map((model) => [model, of(model).requestsFinished]),
    );
    for (const [model, count] of Object.entries(counts)) expect(count, model).toBeGreaterThan(0);
    // None of them is sent again: their output was paid for.
    for (const [model, count] of Object.entries(counts)) expect(server.requests(model), model).toBe(count);
    expect(totals.unknownFinish).toBe(counts['prod-chat']);
    expect(of('prod-chat').costUsd).toBeCloseTo(2 * counts['prod-chat']!, 9);
    expect(of('gpt-4.1')).toMatchObject({ costUsd: null, unpriced: counts['gpt-4.1'] });
    expect(of('broke-off')).toMatchObject({ succeeded: 0, usageMissing: counts['broke-off'] });
    expect(of('aborted')).toMatchObject({ succeeded: 0, errors: { stream_error: counts['aborted'] } });
    expect(of('hidden')).toMatchObject({ tpotMs: { count: 0 }, tokensPerSec: { count: 0 } });
    expect(totals.warnings).toEqual({
      hidden_tokens: counts['hidden'],
      other_model: counts['prod-chat']! + counts['gpt-4.1']!,
    });
    expect(notes.join('\n')).toMatch(/answers: a finish reason that is not known/);
    expect(notes.join('\n')).toMatch(/answers: answered by another model than asked/);
    expect(output).toMatch(/prod-chat: a finish reason that is not known: it may be a failure: wibble/);
    expect(output).toMatch(/gpt-4\.1 asked, tiny-random answered/);
  },
);
