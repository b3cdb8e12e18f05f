import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { runK6 } from '../influxdb/k6-run.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

// k6 adds up a Counter in Go, sample by sample, in doubles.

const REQUESTS = 50_000;

const SCRIPT = `
import { Counter } from 'k6/metrics';
import { createUsdStepper, usdFromMillionths } from './src/lib/money/sum-usd.ts';
const plain = new Counter('plain');
const stepped = new Counter('stepped');
export const options = { vus: 1, iterations: 1 };
export default function () {
  const step = createUsdStepper();
  for (let i = 0; i < ${REQUESTS}; i++) {
    const costUsd = usdFromMillionths(12345 * 2 + 678 * 8);
    plain.add(costUsd);
    stepped.add(step(costUsd));
  }
}
export function handleSummary({ metrics }) {
  const sums = { plain: metrics.plain.values.count, stepped: metrics.stepped.values.count };
  return { 'sums.json': JSON.stringify(sums) };
}
`;

const folder = folderOfTests('dollars');
beforeAll(async () => {
  await build({
    stdin: { contents: SCRIPT, resolveDir: path.join(import.meta.dirname, '../..') },
    outfile: path.join(folder, 'script.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['k6/*'],
  });
});

test("the dollars of many requests come to their exact sum in k6's Counter", async () => {
  const { code } = await runK6(['script.js'], { env: {}, cwd: folder });
  expect(code).toBe(0);
  const sums = JSON.parse(await readFile(path.join(folder, 'sums.json'), 'utf8'));
  const exactUsd = 0.030114 * REQUESTS;
  expect(Math.abs(sums.stepped - exactUsd)).toBeLessThan(1e-9);
  // Without the steps it would be further off.
  expect(Math.abs(sums.plain - exactUsd)).toBeGreaterThan(Math.abs(sums.stepped - exactUsd));
});
