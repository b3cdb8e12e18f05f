import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { K6 } from '../k6/find-k6.ts';
import { SAMPLES_FILE } from '../report/open-input.ts';
import { followConsole } from './console-tail.ts';
import type { CpuUse } from './cpu-sampler.ts';
import { runK6Process } from './k6-process.ts';
import { withAbsolutePaths } from './run-environment.ts';
import { scenarioFile } from './scenario-file.ts';

/** k6's niceness beside a meter, so that what stamps the tokens is served first (docs/streaming.md). */
export const K6_NICENESS = 10;

export type ScenarioRun = {
  scenario: string;
  k6: K6;
  /** Settings; `LLM_RESULTS_DIR` is taken from `resultsDir`. */
  env: NodeJS.ProcessEnv;
  resultsDir: string;
  /** Passed to k6 as they are, in front of the script. */
  k6Args: readonly string[];
  niceness: number;
};

export type ScenarioResult = {
  /** k6's own. */
  exitCode: number;
  cpu: CpuUse;
  /** One line a request. */
  samplesFile: string;
};

/** Runs one scenario with k6, its samples written beside its summary. */
export async function runScenario(run: ScenarioRun): Promise<ScenarioResult> {
  const cwd = process.cwd();
  const resultsDir = path.resolve(cwd, run.resultsDir);
  await mkdir(resultsDir, { recursive: true });
  const samplesFile = path.join(resultsDir, SAMPLES_FILE);
  const { file } = scenarioFile(run.scenario);
  const console_ = followConsole(samplesFile, (line) => void process.stderr.write(`${line}\n`));
  const { code, cpu } = await runK6Process({
    binary: run.k6.path,
    args: ['run', '--console-output', samplesFile, '--log-format', 'raw', ...run.k6Args, file],
    env: { ...withAbsolutePaths(run.env, cwd), LLM_RESULTS_DIR: resultsDir, LLM_SAMPLES: '1' },
    cwd,
    niceness: run.niceness,
  });
  await console_.stop();
  return { exitCode: code, cpu, samplesFile };
}
