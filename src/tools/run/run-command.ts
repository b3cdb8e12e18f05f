import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { EXIT_USAGE, UsageError } from '../cli/define-command.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { printCloudLine } from './cloud-line.ts';
import { prepareStores } from '../stores/prepare-stores.ts';
import { readK6Arguments, refuseHttpDebug } from './k6-arguments.ts';
import { type Meters, readMeters } from './meters/read-meters.ts';
import { needsMeter, wantsOwnMeter } from './meters/running-meter.ts';
import { runName, takeFolder, takeNewFolder, writeForOwnerOnly } from '../results/folder/take-folder.ts';
import { refuseOddFiles, withAbsolutePaths } from './run-environment.ts';
import { runPlan } from './run-plan.ts';
import { scenarioFile } from './scenario-file.ts';
import { readShards } from './shards/read-shards.ts';

export type RunRequest = {
  scenario: string;
  stream: boolean;
  cloud: boolean;
  live: boolean;
  k6Dashboard: boolean;
  k6Bars: boolean;
  shards: string | null;
  meters: string | null;
  influxdb: string | null;
  prometheus: string | null;
  otel: string | null;
  k6Args: readonly string[];
};

/**
 * `k6-llm run`: checks everything that it was given, then runs it.
 *
 * @returns k6's exit code; `EXIT_USAGE` when nothing was run.
 * @throws UsageError and ConfigError for a wrong flag or setting, before anything is started.
 */
export async function runCommand(request: RunRequest): Promise<number> {
  refuseContradictions(request);
  refuseHttpDebug(process.env);
  const { scenario } = request;
  const { name } = scenarioFile(scenario);
  const { args: k6Args, settings: given } = readK6Arguments(request.k6Args);
  const stream: NodeJS.ProcessEnv = request.stream ? { LLM_STREAM: '1' } : {};
  const env: NodeJS.ProcessEnv = { ...process.env, ...given, ...stream };
  if (request.cloud) return printCloudLine({ scenario, env, k6Args });
  // Until the launcher has started the meter, there is no address to check.
  const settings = readSettings(wantsOwnMeter(env) ? { ...env, LLM_TRANSPORT: 'auto' } : env);
  const shards = readShards(request.shards, { scenario: name, settings, k6Args });
  const meters = readMetersOf(request, settings, env);
  const testid = runName(name, new Date());
  refuseOddFiles(withAbsolutePaths(env, process.cwd()));
  const k6 = await findK6OrTell('run');
  if (k6 === null) return EXIT_USAGE;
  const say = (line: string): void => console.error(line);
  const store = await prepareStores(request, { testid, k6, env, say });
  if (store === null) return EXIT_USAGE;
  const ownFolder = (env['LLM_RESULTS_DIR'] ?? '').trim() !== '';
  writeForOwnerOnly();
  const taken = ownFolder ? await takeFolder(settings.resultsDir, { say }) : await takeNewFolder(testid);
  try {
    return await runPlan({
      scenario,
      name,
      settings,
      env,
      k6Args,
      k6,
      resultsDir: taken.folder,
      shards,
      meters,
      store,
      live: request.live,
      k6Dashboard: request.k6Dashboard,
      k6Bars: request.k6Bars,
    });
  } finally {
    taken.release();
  }
}

function readMetersOf({ meters }: RunRequest, settings: Settings, env: NodeJS.ProcessEnv): Meters {
  const read = readMeters(meters);
  if (meters === null || needsMeter(settings, env)) return read;
  throw new UsageError(
    `--meters: got "${meters}" for a run that starts no meter; expected it with --stream, and neither LLM_METER_URL nor another LLM_TRANSPORT; write k6-llm run baseline --stream --meters auto`,
  );
}

function refuseContradictions(request: RunRequest): void {
  const { cloud, live, k6Dashboard, k6Bars, shards, influxdb, prometheus, otel } = request;
  const local = [
    live ? '--live' : null,
    k6Dashboard ? '--k6-dashboard' : null,
    k6Bars ? '--k6-bars' : null,
    shards === null ? null : '--shards',
    request.meters === null ? null : '--meters',
    influxdb === null ? null : '--influxdb',
    prometheus === null ? null : '--prometheus',
    otel === null ? null : '--otel',
  ].find((flag) => flag !== null);
  if (cloud && local !== undefined) {
    throw new UsageError(
      `--cloud: got it with ${local}; expected it alone, because it only writes a command line; write k6-llm run baseline --cloud`,
    );
  }
  const single = k6Dashboard ? '--k6-dashboard' : k6Bars ? '--k6-bars' : null;
  if (single !== null && shards !== null) {
    throw new UsageError(
      `${single}: got it with --shards; expected one of the two, because each k6 would show its own part; write k6-llm run baseline --live --shards 2`,
    );
  }
}
