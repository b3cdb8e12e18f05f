import { describe, expect, test } from 'vitest';
import { exhaustively, inputs } from '../../../test/support/exhaustively.ts';
import { schemaProblems } from '../../../test/support/summary-schema.ts';
import { createRandom, indexOf, type Random } from '../numbers/random.ts';
import { buildSummary, type RunContext } from './build-summary.ts';
import { renderMarkdown } from './render/render-markdown.ts';
import { jUnit, textSummary, withSummary } from './render/jslib-renderers.ts';
import { madeContext, madeData, madeTrend } from './made-data.ts';

// k6 writes no file at all when handleSummary throws, and still exits 0: so nothing may throw here.

/** All that a run writes. */
function render(
  data: unknown,
  context: RunContext = madeContext(),
): Record<'json' | 'md' | 'xml' | 'text', string> {
  const summary = buildSummary(data, context);
  const withOurs = withSummary(data, summary);
  return {
    json: JSON.stringify(summary),
    md: renderMarkdown(summary),
    xml: jUnit(withOurs),
    text: textSummary(withOurs, { indent: '', enableColors: false }),
  };
}

const WEIRD: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  'x',
  '12',
  [],
  [null],
  {},
  { values: null },
  { type: 'trend' },
  { values: [] },
  { values: { count: '5' } },
  { values: { count: -1 } },
  { thresholds: null },
  { thresholds: { x: null } },
  { thresholds: [1] },
  { record: {} },
  { record: { loadStartsAtMs: 0, preflight: null } },
  { record: { loadStartsAtMs: 0, preflight: { m: null } } },
  { record: { loadStartsAtMs: 0, preflight: { m: 5 }, notes: 'n', startedAt: 5, forecast: 3 } },
];

/** A copy with one value, somewhere in it, replaced or left out. */
function damage(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.15) {
    return WEIRD[indexOf(random.next(), WEIRD.length)];
  }
  const entries = Object.entries(value);
  const at = indexOf(random.next(), Math.max(1, entries.length));
  const changed = entries.flatMap(([key, inner], index) => {
    if (index !== at) return [[key, inner]];
    return random.next() < 0.1 ? [] : [[key, damage(inner, random)]];
  });
  return Object.fromEntries(changed);
}

describe('a summary never throws', () => {
  test.each(WEIRD.map((value, index): [number, unknown] => [index, value]))(
    'data number %i',
    (_index, data) => {
      expect(render(data).text).toContain('n/a');
      expect(textSummary(data, {})).toContain('n/a');
      expect(jUnit(data)).toContain('<testsuites');
    },
  );

  exhaustively('data damaged in a thousand ways', () => {
    const random = createRandom(11);
    for (let count = 0; count < inputs(1000); count++) {
      const data = damage(damage(madeData(), random), random);
      const note = JSON.stringify(data);
      let files: ReturnType<typeof render> | null = null;
      try {
        files = render(data);
      } catch (error) {
        throw new Error(`${String(error)} on ${note}`, { cause: error });
      }
      // Figures that contradict each other stay as they are; no field is missing or of another type.
      const problems = schemaProblems(JSON.parse(files.json)).filter((text) => !/must be [<>]= /.test(text));
      expect(problems, note).toEqual([]);
      const shown = [files.text, files.md, files.xml].join('\n');
      expect(shown, note).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  });
});

test('a missing percentile, a metric that is null and a rate without samples are n/a, and null in the file', () => {
  const { 'p(99)': _left, count: _also, ...without } = madeTrend(5).values;
  const data = {
    metrics: {
      ai_latency_ms: { type: 'trend', values: without },
      ai_tpot_ms: null,
      ai_goodput: { type: 'rate', values: { rate: 0, passes: 0, fails: 0 } },
    },
  };
  const context = madeContext();
  const summary = buildSummary(data, { ...context, dimensions: { ...context.dimensions, models: ['m'] } });
  expect(summary.models['m']?.latencyMs).toMatchObject({ p99: null, count: null, p50: 5 });
  expect(summary.models['m']?.tpotMs).toMatchObject({ count: 0, p95: null });
  expect(summary.totals.goodputRatio).toBeNull();
  expect(summary.metrics['ai_latency_ms']?.['p(99)']).toBeUndefined();
  const { text } = render(data);
  expect(text).toMatch(/goodput +n\/a/);
  expect(text).toMatch(/m +0 +0 +5\.00 +5\.00 +n\/a/);
});
