import { expect, test } from 'vitest';
import { buildSummary } from '../build-summary.ts';
import { madeContext } from '../made-data.ts';
import type { Summary } from '../summary.ts';
import { hasNoText, inputPairs, kindRows } from './kind-rows.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText } from './render-text.ts';

/** 7 answers of text and 3 of 4 vectors each, as k6 hands them over; of several kinds each is a submetric. */
function summaryOf(kinds: readonly string[]): Summary {
  const counts: Record<string, Record<string, number>> = {
    ai_inputs: { completions: 0, embeddings: 12 },
    ai_requests_succeeded: { completions: 7, embeddings: 3 },
    ai_requests_finished: { completions: 7, embeddings: 3 },
    ai_output_tokens: { completions: 70, embeddings: 0 },
    ai_input_tokens: { completions: 700, embeddings: 300 },
  };
  const metrics = Object.entries(counts).flatMap(([metric, byKind]) => {
    const own = kinds.map((kind) => [
      `${metric}{kind:${kind}}`,
      { type: 'counter', values: { count: byKind[kind] ?? 0 } },
    ]);
    const all = kinds.reduce((sum, kind) => sum + (byKind[kind] ?? 0), 0);
    return [[metric, { type: 'counter', values: { count: all } }], ...own];
  });
  const context = madeContext();
  const dimensions = { ...context.dimensions, kinds };
  return buildSummary({ metrics: Object.fromEntries(metrics) }, { ...context, dimensions });
}

test('several kinds have a row each, which no terminal breaks', () => {
  const summary = summaryOf(['completions', 'embeddings']);
  expect(kindRows(summary).map(([name, ok, , , , , inputs, , out]) => [name, ok, inputs, out])).toEqual([
    ['completions', '7', '-', '70'],
    ['embeddings', '3', '4.00', '-'],
  ]);
  const text = renderText(summary, { enableColors: false });
  expect(text).toMatch(/completions +7 /);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(renderMarkdown(summary)).toMatch(/\| embeddings \| 3 \|/);
  expect(hasNoText(summary)).toBe(false);
});

test('dollars of a kind stand without their sign, and n/a where nothing was priced', () => {
  const { kinds, ...rest } = summaryOf(['completions', 'embeddings']);
  const priced = { ...kinds['completions']!, costUsd: 0.5 };
  const rows = kindRows({ ...rest, kinds: { priced, unpriced: { ...priced, costUsd: null } } });
  expect(rows.map((row) => row.at(-1))).toEqual(['0.500000', 'n/a']);
});

test('inputs of a request are those of the kinds that take some', () => {
  expect(inputPairs(summaryOf(['completions', 'embeddings']))).toEqual([
    ['inputs / request', '4.00'],
    ['input tok/s p50', 'n/a'],
  ]);
  expect(inputPairs(summaryOf(['completions']))).toEqual([]);
});

test('one kind is the whole run, and without text nothing is told of output', () => {
  const summary = summaryOf(['embeddings']);
  expect(kindRows(summary)).toEqual([]);
  expect(inputPairs(summary)[0]).toEqual(['inputs / request', '4.00']);
  const text = renderText(summary, { enableColors: false });
  expect(text).not.toMatch(/tokens\/s out|per 1M tokens out/);
  expect(kindRows(summaryOf(['chat']))).toEqual([]);
});
