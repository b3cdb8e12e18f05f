import { describe, expect, test } from 'vitest';
import type { PreparedRun } from './compare-runs.ts';
import { madeRequests, type MadeRun, runOf } from './made-runs.ts';
import { type Matrix, matrixMarkdown, matrixOf, matrixTable, matrixText } from './matrix.ts';
import { DEFAULT_MEASURES, parseMeasure } from './measure.ts';

const USUAL: MadeRun = { seed: 1, durationSec: 30, ratePerSec: 20, slowness: 1, memory: 0 };

function made(label: string, change: Partial<MadeRun> = {}): Promise<PreparedRun> {
  return runOf(madeRequests({ ...USUAL, ...change }), { label });
}

function matrix(runs: readonly PreparedRun[], names: readonly string[]): Matrix {
  return matrixOf(
    runs,
    names.flatMap((name) => parseMeasure(name) ?? []),
  );
}

function marks({ rows }: Matrix, name: string): readonly boolean[] | undefined {
  return rows.find(({ measure }) => measure.name === name)?.isBest;
}

describe('a matrix of three runs', () => {
  const runs = Promise.all([
    made('slow', { slowness: 1.5 }),
    made('quick', { seed: 2 }),
    made('quick-too', { seed: 3 }),
  ]);

  test('marks the best, and what is not told apart from it', async () => {
    const found = matrix(await runs, ['p50(ai_ttft_ms)', 'error_rate']);
    expect(marks(found, 'p50(ai_ttft_ms)')).toEqual([false, true, true]);
    expect(found.rows[0]?.values[0]).toBeGreaterThan(found.rows[0]?.values[1] ?? Infinity);
  });

  test('marks none where all are within noise', async () => {
    expect(marks(matrix(await runs, ['error_rate']), 'error_rate')).toEqual([false, false, false]);
  });

  test('knows that more may be better', async () => {
    const [, quick, too] = await runs;
    const half = await made('half', { ratePerSec: 10 });
    const found = matrix([half, quick!, too!], ['requests_per_sec']);
    expect(marks(found, 'requests_per_sec')).toEqual([false, true, true]);
  });

  test('shows what one run lacks, and leaves out what all lack', async () => {
    const blocking = await runOf(madeRequests(USUAL, { ttftMs: null }), { label: 'blocking' });
    const found = matrix([...(await runs), blocking], ['p50(ai_ttft_ms)', 'p50(ai_stall_ms)']);
    expect(found.rows.map(({ measure }) => measure.name)).toEqual(['p50(ai_ttft_ms)']);
    expect(found.rows[0]?.values[3]).toBeNull();
    expect(matrixText(found)).toMatch(/p50\(ai_ttft_ms\).*n\/a/);
  });

  test('is a markdown table with the best in bold, and an HTML one', async () => {
    const found = matrix(await runs, ['p50(ai_ttft_ms)']);
    expect(matrixMarkdown(found)).toMatch(
      /^\| `p50\(ai_ttft_ms\)` \| [^*|]+ \| \*\*.+\*\* \| \*\*.+\*\* \|$/m,
    );
    expect(matrixTable(found).text.match(/class="yes"/g)).toHaveLength(2);
  });
});

test.each([3, 4, 5, 9])(
  'a matrix of %d runs fits into 80 columns, and names every run once',
  async (count) => {
    const run = await made('run');
    const runs = Array.from({ length: count }, (_, index) => ({ ...run, label: `results/number-${index}` }));
    const text = matrixText(matrix(runs, [...DEFAULT_MEASURES, 'p99(ai_latency_ms{model:openai/gpt-4.1})']));
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const { label } of runs) expect(text.split(label)).toHaveLength(2);
  },
);
