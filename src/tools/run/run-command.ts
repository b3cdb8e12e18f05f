import path from 'node:path';
import { readSettings, type Settings } from '../../lib/config/settings.ts';
import { EXIT_USAGE } from '../cli/command.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { finishRun } from './finish.ts';
import { startMeter } from './meter-process.ts';
import { defaultResultsDir } from './run-environment.ts';
import { K6_NICENESS, runScenario } from './run-scenario.ts';
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

/** `k6-llm run`: finds k6, starts what the run needs beside it, runs it, and completes its results. */
export async function runCommand(request: RunRequest): Promise<number> {
  const say = (line: string): void => console.error(line);
  const { name } = scenarioFile(request.scenario);
  const env = environmentOf(request);
  // Wrong settings are told before anything is started.
  const settings = readSettings(env);
  const k6 = await findK6OrTell('run');
  if (k6 === null) return EXIT_USAGE;
  const resultsDir = resultsDirOf(settings, env, name);
  const meter = await startMeter({ settings, env, scenario: name });
  try {
    const result = await runScenario({
      scenario: request.scenario,
      k6,
      env: { ...env, ...meter?.env },
      resultsDir,
      k6Args: request.k6Args,
      niceness: meter === null ? 0 : K6_NICENESS,
    });
    const health = (await meter?.loopDelayP99Ms()) ?? null;
    await finishRun({ resultsDir, result, meterLoopDelayP99Ms: health });
    say(`results: ${path.relative(process.cwd(), path.resolve(resultsDir))}/`);
    return result.exitCode;
  } finally {
    await meter?.stop();
  }
}

function environmentOf({ stream }: RunRequest): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...(stream ? { LLM_STREAM: '1' } : {}) };
  const wantsOwnMeter =
    env['LLM_TRANSPORT']?.trim() === 'meter' && (env['LLM_METER_URL'] ?? '').trim() === '';
  // Which the launcher starts: until then there is no address to check.
  return wantsOwnMeter ? { ...env, LLM_TRANSPORT: 'auto' } : env;
}

function resultsDirOf(settings: Settings, env: NodeJS.ProcessEnv, scenario: string): string {
  return (env['LLM_RESULTS_DIR'] ?? '').trim() === ''
    ? defaultResultsDir(scenario, new Date())
    : settings.resultsDir;
}
