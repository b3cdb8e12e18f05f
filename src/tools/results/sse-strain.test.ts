import { expect, test } from 'vitest';
import type { Summary } from '../../lib/summary/summary.ts';
import { sseStrain } from './sse-strain.ts';

/** A run of ten seconds with so many streams open at 50 tokens a second each. */
function run(streams: number, transport = 'sse'): Pick<Summary, 'transport' | 'totals' | 'durationMs'> {
  const totals: Partial<Summary['totals']> = { outputTokens: streams * 50 * 10 };
  return { transport, totals: totals as Summary['totals'], durationMs: 10_000 };
}

test('more tokens than its cores carry are told, and what would be truer', () => {
  const text = sseStrain(run(100), 2);
  expect(text).toContain('over sse the script read 5000 tokens a second, more than the ');
  expect(text).toContain('2 cores carry');
  expect(text).toContain('k6-llm run --stream');
});

test('the same tokens on more cores are not', () => {
  expect(sseStrain(run(100), 16)).toBeNull();
  expect(sseStrain(run(5), 1)).toBeNull();
});

test.each([
  ['another transport', run(5000, 'meter'), 2],
  ['a machine that nobody looked at', run(5000), null],
  ['a run of no known length', { ...run(5000), durationMs: null }, 2],
])('%s is told nothing', (_, summary, cores) => expect(sseStrain(summary, cores)).toBeNull());
