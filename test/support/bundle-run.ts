import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import builtInPrices from '../../data/prices.json' with { type: 'json' };
import { readPriceFile } from '../../src/lib/price-file.ts';
import { createPricing } from '../../src/lib/pricing.ts';
import { UNKNOWN_USAGE } from '../../src/lib/attempt.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import type { Mock } from '../../src/tools/mock/server.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runK6 } from '../influxdb/k6-run.ts';

export type BundleRun = { code: number; output: string; summary: Summary | null; folder: string };

/** Runs a built bundle with k6 alone, as the README says, in a folder of its own that goes after the test. */
export async function runBundle(
  scenario: string,
  env: Readonly<Record<string, string>>,
  k6Args: readonly string[] = [],
): Promise<BundleRun> {
  const folder = await mkdtemp(path.join(tmpdir(), `k6-llm-${scenario}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(PROJECT_ROOT, 'dist', `${scenario}.js`);
  const { code, output } = await runK6([...k6Args, file], {
    env: { LLM_RESULTS_DIR: folder, ...env },
    cwd: folder,
  });
  const text = await readFile(path.join(folder, 'summary.json'), 'utf8').catch(() => null);
  return { code, output, summary: text === null ? null : (JSON.parse(text) as Summary), folder };
}

/** What the mock's own count costs by the price table, US dollars. */
export function truthUsd(mock: Mock): number {
  const pricing = createPricing({ builtIn: readPriceFile(builtInPrices, 'prices'), provider: 'mock' });
  return Object.entries(mock.truth().models).reduce(
    (sum, [model, { inputTokens, outputTokens, cachedInputTokens }]) => {
      const usage = { ...UNKNOWN_USAGE, inputTokens, outputTokens, cachedInputTokens };
      const cost = pricing.costUsd({ usage, model, answeredModel: null });
      return sum + (cost.kind === 'priced' ? cost.costUsd : 0);
    },
    0,
  );
}
