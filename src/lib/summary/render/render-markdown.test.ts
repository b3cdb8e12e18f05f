import { expect, test } from 'vitest';
import { buildSummary } from '../build-summary.ts';
import { madeContext, madeCounter, madeData, madeTrend } from '../made-data.ts';
import type { Summary } from '../summary.ts';
import { escapeMarkdown, inlineCode, renderMarkdown } from './render-markdown.ts';

/** The sections of a summary, of which one thing is not as in an ordinary run. */
function sectionsOf(change: Partial<Summary>): string[] {
  return renderMarkdown({ ...buildSummary(madeData(), madeContext()), ...change })
    .trimEnd()
    .split('\n\n');
}

test('a finding is a sentence, and a table where there are figures to check it by', () => {
  const sections = sectionsOf({
    findings: [
      { question: 'Who?', sentence: 'All <b>.', rows: [] },
      { question: 'How *long*?', sentence: '5 ms.', rows: [{ name: 'p50', value: '5 | 6', note: 'n = 3' }] },
    ],
  });
  const at = sections.indexOf('**Who?** All &lt;b&gt;.');
  expect(sections.slice(at + 1, at + 3)).toEqual([
    '**How \\*long\\*?** 5 ms.',
    '|  | figure | how sure |\n| --- | ---: | ---: |\n| p50 | 5 \\| 6 | n = 3 |',
  ]);
});

test('a run without notes, seed or findings of its own has no place for them', () => {
  const older = { ...buildSummary(madeData(), madeContext()), notes: [], seed: null };
  Reflect.deleteProperty(older, 'findings');
  const text = renderMarkdown(older);
  expect(text).toContain('seed n/a');
  expect(text).not.toMatch(/\n\n\n|undefined/);
  expect(sectionsOf({ notes: ['a', 'b <c>'] }).at(-1)).toBe('- a\n- b &lt;c&gt;');
});

test('a scenario’s own metrics have a table of their own', () => {
  const metrics = { 'rag_ms{part:a|b}': madeTrend(5), documents: madeCounter(12) };
  const summary = buildSummary({ ...madeData(), metrics }, madeContext());
  expect(renderMarkdown(summary)).toContain(
    [
      '| of your own | samples | mean | p50 | p95 | max |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| `documents` | n/a | 12 | n/a | n/a | n/a |',
      '| `rag_ms{part:a\\|b}` | 9 | 5 | 5 | 5 | 5 |',
    ].join('\n'),
  );
});

test('text and code keep to their line and their cell', () => {
  expect(escapeMarkdown('a\r\n\nb & c')).toBe('a b &amp; c');
  expect(inlineCode('a\r\n\nb `c` | d')).toBe("`a b 'c' \\| d`");
});
