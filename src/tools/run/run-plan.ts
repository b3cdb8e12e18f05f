import { createServer } from 'node:net';
import path from 'node:path';
import { clientBoundReasons } from '../../lib/summary/trust/judge-trust.ts';
import type { Settings } from '../../lib/settings/settings.ts';
import type { K6 } from '../k6/find-k6.ts';
import { DEFAULT_PORT, k6Dashboard } from '../live/k6-dashboard.ts';
import { type RunWatch, watchRun } from '../live/watch-run.ts';
import type { RunData } from '../results/read/run-data.ts';
import { ServerError } from './meters/start-server.ts';
import { finishResults } from './finish-results.ts';
import type { Store } from '../stores/store.ts';
import { type RunningMeter, startMeterOfRun, tooManyConnections } from './meters/running-meter.ts';
import type { Meters } from './meters/read-meters.ts';
import { exitCodeOfWhole } from './shards/read-shards.ts';
import { summaryOrNull } from '../results/read/read-summary.ts';
import { K6_NICENESS, runScenario, type ScenarioRun } from './run-scenario.ts';
import { runShards, shardFolders } from './shards/run-shards.ts';

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
  /** Processes that measure its streams. */
  meters: Meters;
  store: Store;
  /** A page of ours shows it. */
  live: boolean;
  /** k6's own page shows it. */
  k6Dashboard: boolean;
  /** k6's own bars show it on a terminal, in place of our line. */
  k6Bars: boolean;
  /** False: k6's table is not shown, as an answer stands for it. */
  showsSummary?: boolean;
};

/** As k6's own code for a setup that failed: the meter did not start, so nothing was sent. */
const EXIT_SETUP = 107;

/** Starts what the run needs beside k6, runs it, and completes its results. @returns the exit code. */
export async function runPlan(plan: RunPlan): Promise<number> {
  const { env, resultsDir, store } = plan;
  for (const line of tooManyConnections({ ...plan, scenario: plan.name })) console.error(line);
  const dashboardEnv = await showDashboard(plan);
  const meter = await meterFor(plan);
  if (meter === 'failed') return EXIT_SETUP;
  const watch = await watchRun({ ...plan, bars: plan.k6Bars });
  let finished: RunData | null = null;
  try {
    const run: ScenarioRun = {
      scenario: plan.scenario,
      k6: plan.k6,
      env: { ...env, ...dashboardEnv, ...store.env, ...meter?.env },
      resultsDir,
      k6Args: [...store.args, ...plan.k6Args],
      niceness: meter === null ? 0 : K6_NICENESS,
      pass: watch.pass,
      showsSummary: plan.showsSummary ?? true,
    };
    const ended =
      plan.shards > 1 ? await runDivided(run, { plan, meter, watch }) : await runWhole(run, { meter, watch });
    const { exitCode } = ended;
    finished = ended.finished;
    console.error(`results: ${path.relative(process.cwd(), path.resolve(resultsDir)) || '.'}/`);
    return await store.finish(exitCode, await valuesOf(plan));
  } finally {
    await meter?.stop();
    await watch.end(finished, resultsDir);
  }
}

/** What k6 ended with, and the completed results; null when there were none. */
type Ended = { exitCode: number; finished: RunData | null };

async function meterFor({ settings, env, name, meters }: RunPlan): Promise<RunningMeter | null | 'failed'> {
  try {
    return await startMeterOfRun({ settings, env, scenario: name, meters });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    console.error(error.message);
    return 'failed';
  }
}

async function showDashboard({
  k6Dashboard: isWanted,
  resultsDir,
  settings,
}: RunPlan): Promise<Readonly<Record<string, string>>> {
  if (!isWanted) return {};
  const models = settings.mix.map(({ model }) => model);
  // k6 runs without its dashboard where another one is at the usual port.
  const port = (await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : 0;
  const { env, notice } = await k6Dashboard({ directory: resultsDir, models, port });
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

async function runWhole(
  run: ScenarioRun,
  { meter, watch }: { meter: RunningMeter | null; watch: RunWatch },
): Promise<Ended> {
  const { resultsDir } = run;
  const result = await runScenario({ ...run, say: watch.say, onSample: watch.follow?.() });
  watch.clear();
  const meterLoopDelayP99Ms = (await meter?.loopDelayP99Ms()) ?? null;
  const inside = await summaryOrNull(resultsDir);
  const finished = await finishResults({ resultsDir, result, meterLoopDelayP99Ms });
  if (finished === null) return { exitCode: result.exitCode, finished };
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
  const exitCode = exitCodeOfWhole(result.exitCode, inside?.slo.state ?? null);
  if (exitCode !== result.exitCode)
    console.error(`k6 ended with 0, and yet not met: ${inside?.slo.breached.join('; ') ?? ''}`);
  return { exitCode, finished };
}

async function runDivided(
  run: ScenarioRun,
  { plan, meter, watch }: { plan: RunPlan; meter: RunningMeter | null; watch: RunWatch },
): Promise<Ended> {
  const { shards, settings } = plan;
  const { exitCode, run: finished } = await runShards(
    {
      ...run,
      say: watch.say,
      follow: watch.follow,
      onEnd: watch.clear,
      budgetUsd: meter === null ? settings.budgetUsd : null,
      hasStore: plan.store.args.length > 0,
    },
    { shards, loopDelayP99Ms: async () => (await meter?.loopDelayP99Ms()) ?? null },
  );
  return { exitCode, finished };
}

/** What each k6 counted. */
async function valuesOf({ resultsDir, shards }: RunPlan) {
  const folders = shards > 1 ? shardFolders(resultsDir, shards) : [resultsDir];
  const summaries = await Promise.all(folders.map(summaryOrNull));
  return summaries.flatMap((summary) => (summary === null ? [] : [summary.metrics]));
}
