import path from 'node:path';
import { readSettings } from '../../lib/config/settings.ts';
import { EXIT_USAGE } from '../cli/command.ts';
import { findK6, type K6 } from '../k6/find-k6.ts';
import { K6Missing } from '../k6/k6-missing.ts';
import { startMeter } from './meter-process.ts';
import { finish } from './finish.ts';
import { defaultResultsDir } from './run-environment.ts';
import { runScenario } from './run-scenario.ts';
import { scenarioFile } from './scenario-file.ts';

export type RunRequest = {
  scenario: string;
  stream: boolean;
  cloud: boolean;
  live: boolean;
  shards: string | null;
  influxdb: string | null;
  k6Args: readonly string[];
};

/** Lower than the meter's, so that what stamps the tokens is served first (docs/streaming.md). */
const K6_NICENESS = 10;

/** `k6-llm run`: finds k6, starts what the run needs beside it, runs it, and completes its results. */
export async function runCommand(request: RunRequest): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { name } = scenarioFile(request.scenario);
  const env: NodeJS.ProcessEnv = { ...process.env, ...(request.stream ? { LLM_STREAM: '1' } : {}) };
  // Wrong settings are told before anything is started.
  const settings = readSettings(env);
  const k6 = await findOrTell(say);
  if (k6 === null) return EXIT_USAGE;
  const resultsDir = settings.resultsDirIsSet ? settings.resultsDir : defaultResultsDir(name, new Date());
  const meter = await startMeter({ settings, env, k6 });
  try {
    const result = await runScenario({
      scenario: request.scenario,
      k6,
      env: { ...env, ...meter?.env },
      resultsDir,
      k6Args: request.k6Args,
      niceness: meter === null ? 0 : K6_NICENESS,
    });
    await finish({ resultsDir, result, say });
    say(`results: ${path.relative(process.cwd(), path.resolve(resultsDir))}/`);
    return result.exitCode;
  } finally {
    await meter?.stop();
  }
}

async function findOrTell(say: (line: string) => void): Promise<K6 | null> {
  try {
    return await findK6(say);
  } catch (error) {
    if (!(error instanceof K6Missing)) throw error;
    say(`k6-llm run: ${error.message}`);
    return null;
  }
}
