import { createServer } from 'node:net';
import path from 'node:path';
import { clientBoundReasons } from '../../lib/summary/trust/judge-trust.ts';
import type { Settings } from '../../lib/settings/settings.ts';
import type { K6 } from '../k6/find-k6.ts';
import { DEFAULT_PORT, liveDashboard } from '../live/live-dashboard.ts';
import { ServerError } from './start-server.ts';
import { finishRun } from './finish-results.ts';
import type { Store } from '../stores/store.ts';
import { type RunningMeter, startMeter } from './meter-process.ts';
import { summaryOrNull } from '../results/summary-file.ts';
import { K6_NICENESS, runScenario, type ScenarioRun } from './run-scenario.ts';
import { runShards, shardFolders } from './run-shards.ts';

/** Everything that a run needs, checked. */
export type RunPlan = {
  /** As given: a scenario's name or a script's path. */
  scenario: string;
  name: string;
  settings: Settings;
  env: NodeJS.ProcessEnv;
  k6Args: readonly string[];
  k6: K6;
  /** Taken for this run. */
  resultsDir: string;
  /** 1: one k6. */
  shards: number;
  store: Store;
  live: boolean;
};

/** As k6's own code for a setup that failed: the meter did not start, so nothing was sent. */
const EXIT_SETUP = 107;

/** Starts what the run needs beside k6, runs it, and completes its results. @returns the exit code. */
export async function runPlan(plan: RunPlan): Promise<number> {
  const { env, resultsDir, store } = plan;
  const liveEnv = await showLive(plan);
  const meter = await meterFor(plan);
  if (meter === 'failed') return EXIT_SETUP;
  try {
    const run: ScenarioRun = {
      scenario: plan.scenario,
      k6: plan.k6,
      env: { ...env, ...liveEnv, ...store.env, ...meter?.env },
      resultsDir,
      k6Args: [...store.args, ...plan.k6Args],
      niceness: meter === null ? 0 : K6_NICENESS,
    };
    const exitCode = plan.shards > 1 ? await runDivided(run, plan, meter) : await runWhole(run, meter);
    console.error(`results: ${path.relative(process.cwd(), path.resolve(resultsDir)) || '.'}/`);
    return await store.finish(exitCode, await valuesOf(plan));
  } finally {
    await meter?.stop();
  }
}

async function meterFor({ settings, env, name }: RunPlan): Promise<RunningMeter | null | 'failed'> {
  try {
    return await startMeter({ settings, env, scenario: name });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    console.error(error.message);
    return 'failed';
  }
}

async function showLive({ live, resultsDir, settings }: RunPlan): Promise<Readonly<Record<string, string>>> {
  if (!live) return {};
  const models = settings.mix.map(({ model }) => model);
  // k6 runs without its dashboard where another one is at the usual port.
  const port = (await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : 0;
  const { env, notice } = await liveDashboard({ directory: resultsDir, models, port });
  console.error(notice);
  return env;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function runWhole(run: ScenarioRun, meter: RunningMeter | null): Promise<number> {
  const { resultsDir } = run;
  const result = await runScenario(run);
  const meterLoopDelayP99Ms = (await meter?.loopDelayP99Ms()) ?? null;
  const inside = await summaryOrNull(resultsDir);
  const finished = await finishRun({ resultsDir, result, meterLoopDelayP99Ms });
  if (finished === null) return result.exitCode;
  // k6 could not know it when it printed its table.
  const known = clientBoundReasons({
    clientCpuRatio: result.cpu.peakRatio,
    machineCpuRatio: result.cpu.machinePeakRatio,
    meterLoopDelayP99Ms,
    meterHopP99Ms: null,
  });
  for (const reason of known) {
    if (!inside?.trust.reasons.includes(reason)) console.error(`client-bound: ${reason}`);
  }
  return result.exitCode;
}

async function runDivided(run: ScenarioRun, plan: RunPlan, meter: RunningMeter | null): Promise<number> {
  const { shards, settings } = plan;
  const { exitCode } = await runShards(
    {
      ...run,
      budgetUsd: meter === null ? settings.budgetUsd : null,
      hasStore: plan.store.args.length > 0,
    },
    { shards, loopDelayP99Ms: async () => (await meter?.loopDelayP99Ms()) ?? null },
  );
  return exitCode;
}

/** What each k6 counted. */
async function valuesOf({ resultsDir, shards }: RunPlan) {
  const folders = shards > 1 ? shardFolders(resultsDir, shards) : [resultsDir];
  const summaries = await Promise.all(folders.map(summaryOrNull));
  return summaries.flatMap((summary) => (summary === null ? [] : [summary.metrics]));
}
