import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseTrace } from '../../src/lib/load/trace/trace.ts';
import { parsePriceText } from '../../src/lib/money/price-file.ts';
import { parseDataset } from '../../src/lib/prompts/dataset/dataset.ts';
import { parseProviderEntries } from '../../src/lib/settings/provider-entries.ts';
import { parseProfileText } from '../../src/lib/thresholds/threshold-profile.ts';

const page = await readFile(path.join(import.meta.dirname, '../../docs/formats.md'), 'utf8');

/** The code block behind `<!-- example: NAME -->`. */
function example(name: string): string {
  const found = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page);
  if (found?.[1] === undefined) throw new Error(`docs/formats.md has no example ${name}`);
  return found[1];
}

test('the price file of docs/formats.md loads, with every rate that it names', () => {
  const { models, providers, providerByHost, warnings } = parsePriceText(example('prices'), 'example');
  expect(warnings).toEqual([]);
  expect(models.get('prod-chat')).toMatchObject({ input: 1, cachedInput: 0.25, cacheWrite: 1.25, output: 4 });
  expect(models.get('long-context')?.tiers).toMatchObject([
    { aboveInputTokens: 200000, input: 4, output: 12 },
  ]);
  expect(providers.get('our-relay')?.get('gpt-4.1')).toMatchObject({ input: 2.2, output: 8.8 });
  expect(providerByHost.get('llm.example.com')).toBe('our-relay');
});

test('the threshold file of docs/formats.md loads', () => {
  const profile = parseProfileText(example('thresholds'), 'example');
  expect(profile.name).toBe('our SLO');
  expect(Object.keys(profile.thresholds)).toHaveLength(4);
});

test('the data set of docs/formats.md loads, no row left out', () => {
  const dataset = parseDataset(example('dataset'), { fileName: 'prompts.jsonl', setting: 'LLM_DATASET' });
  expect(dataset.rows).toHaveLength(4);
  expect(dataset.skipped.count).toBe(0);
});

test('the trace of docs/formats.md loads, lengths included', () => {
  const trace = parseTrace(example('trace'), {
    fileName: 'arrivals.csv',
    setting: 'LLM_ARRIVALS',
    timeScale: 1,
  });
  expect(trace.requests).toHaveLength(4);
});

test('the file of providers of docs/formats.md loads, with every field', () => {
  const [relay, maker, own] = parseProviderEntries(example('providers'), 'example');
  expect(relay).toMatchObject({
    keyVariable: 'RELAY_KEY',
    prices: { kind: 'rates' },
    body: { service_tier: 'default' },
  });
  expect(maker).toMatchObject({ preset: 'openai', baseUrl: null, prices: null });
  expect(own?.prices).toEqual({ kind: 'file', path: 'prices.json' });
});
