import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../../test/support/temporary-folder.ts';
import { madeRecord, samplesText } from '../made-samples.ts';
import { readSamples } from '../read/read-samples.ts';
import { MIN_SAMPLES, Timeline } from './timeline.ts';
import type { Figures } from './figures.ts';

/** Figures of answers, each `[second of the load, latency in ms]`. */
async function figuresOf(answers: readonly (readonly [number, number])[]): Promise<Figures> {
  const records = answers.map(([sec, latencyMs]) =>
    madeRecord({ atMs: 500 + sec * 1000, latencyMs, endMs: 0 }),
  );
  const file = path.join(folderOfTest('timeline'), 'samples.jsonl');
  await writeFile(file, samplesText(records));
  return (await readSamples(file)).figures;
}

/** `count` answers in each second from `from` up to `to`. */
function steady(from: number, to: number, count: number, latencyMs: number): [number, number][] {
  return Array.from({ length: (to - from) * count }, (_, at) => [from + at / count, latencyMs]);
}

describe('a percentile over time', () => {
  test('has no value where fewer than twenty samples came in all', async () => {
    const figures = await figuresOf(steady(0, 5, 3, 100));
    const values = new Timeline(figures, 5000).quantile('ai_latency_ms', 0.95);
    expect(values.every(({ value }) => value === null)).toBe(true);
  });

  test('takes slices together until there are twenty, and the rest with what came before', async () => {
    const figures = await figuresOf([...steady(0, 4, 5, 100), ...steady(4, 10, 5, 300)]);
    const values = new Timeline(figures, 10_000).quantile('ai_latency_ms', 0.5);
    expect(values.map(({ value }) => Math.round((value ?? 0) / 100))).toEqual([1, 1, 1, 1, 3, 3, 3, 3, 3, 3]);
  });

  test('does not bridge an outage', async () => {
    const figures = await figuresOf([...steady(0, 5, MIN_SAMPLES, 100), ...steady(25, 30, MIN_SAMPLES, 100)]);
    const values = new Timeline(figures, 30_000).quantile('ai_latency_ms', 0.5);
    expect(values.flatMap(({ value }, at) => (value === null ? [at] : []))).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 5),
    );
  });
});
