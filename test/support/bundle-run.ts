import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import builtInPrices from '../../data/prices.json' with { type: 'json' };
import { readPriceFile } from '../../src/lib/money/price-file.ts';
import { createPricing } from '../../src/lib/money/pricing.ts';
import { UNKNOWN_USAGE } from '../../src/lib/answer/attempt.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { type RunningK6, startK6 } from '../influxdb/k6-run.ts';
import { schemaProblems } from './summary-schema.ts';
import { folderOfTest } from './temporary-folder.ts';

/** A tenth of the default, for a tenth of the VUs: each costs k6 some milliseconds, and a mock is quick. */
const LLM_EXPECTED_LATENCY = '500ms';

export type BundleRun = { code: number; output: string; summary: Summary | null; folder: string };

/** A bundle on its way, as `runBundle` runs it. */
export type StartedBundle = { k6: RunningK6; ended: Promise<BundleRun> };

/**
 * Runs a built bundle with k6 alone, as the README says, in a folder of its own that goes after the test. Whatever
 * the run came to, its `summary.json` must follow the schema.
 */
export async function runBundle(
  scenario: string,
  env: Readonly<Record<string, string>>,
  k6Args: readonly string[] = [],
): Promise<BundleRun> {
  return (await startBundle(scenario, env, k6Args)).ended;
}

/** Starts a bundle; one that still runs is ended after the test. */
export async function startBundle(
  scenario: string,
  env: Readonly<Record<string, string>>,
  k6Args: readonly string[] = [],
): Promise<StartedBundle> {
  const folder = folderOfTest(path.basename(scenario, '.js'));
  const file = path.resolve(PROJECT_ROOT, 'dist', scenario.endsWith('.js') ? scenario : `${scenario}.js`);
  const k6 = await startK6([...k6Args, file], {
    env: { LLM_EXPECTED_LATENCY, LLM_RESULTS_DIR: folder, ...env },
    cwd: folder,
  });
  onTestFinished(() => void k6.child.kill('SIGKILL'));
  const ended = k6.ended.then(async ({ code, output }) => {
    const summary = await readSummary(path.join(folder, 'summary.json'));
    return { code, output, summary, folder };
  });
  return { k6, ended };
}

async function readSummary(file: string): Promise<Summary | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const summary: unknown = JSON.parse(text);
  expect(schemaProblems(summary)).toEqual([]);
  return summary as Summary;
}

/** Lines that k6 logs when a script throws, or hands it something that it does not take; a breached threshold is none. */
export function scriptErrors(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => !/thresholds on metrics .* have been crossed/.test(line))
    .filter((line) => /Uncaught|\b[A-Z]\w*Error\b|panic|level=error|\bNaN\b|undefined/.test(line));
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
