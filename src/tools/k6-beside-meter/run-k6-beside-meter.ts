import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readSettings } from '../../lib/settings/settings.ts';
import { runK6Process } from '../run/k6-process.ts';
import { followConsole } from '../run/follow-console.ts';
import { readK6Arguments } from '../run/k6-arguments.ts';
import { shardOfSegment } from '../run/shards/read-shards.ts';
import { needsMeter, startMeterOfRun, wantsOwnMeter } from '../run/meters/running-meter.ts';
import { K6_NICENESS } from '../run/run-scenario.ts';
import { ServerError } from '../run/meters/start-server.ts';
import { SAMPLES_FILE } from '../results/read/open-input.ts';

/** As k6's own code for a setup that failed: nothing was sent. */
const EXIT_SETUP = 107;

/** Ours and no setting: each part of a divided run writes into a folder of this name (`LLM_RESULTS_DIR/<part>`). */
const PART = 'LLM_PART';

/**
 * Stands in for k6 where something else starts it (the k6 operator): hands every argument on, and for a `run` whose
 * settings need one starts a stream meter first and ends it after k6. Samples are kept beside the summary, so that parts
 * can be merged.
 *
 * @param binary the real k6.
 * @returns k6's exit code; 107 when the meter did not start.
 * @throws ConfigError for a wrong setting, UsageError for an argument that would take the samples away.
 */
export async function runK6BesideMeter(
  given: readonly string[],
  { binary, env, cwd }: { binary: string; env: NodeJS.ProcessEnv; cwd: string },
): Promise<number> {
  const [command, ...rest] = given;
  if (command !== 'run') return startK6(binary, given, { env, cwd, isBesideMeter: false });
  const { settings: inArguments } = readK6Arguments(rest);
  const told = { ...env, ...inArguments };
  // The operator tells a pod which part it is by k6's own flag alone.
  const shard = (told['LLM_SHARD'] ?? '').trim() === '' ? shardOfSegment(rest) : null;
  const own = shard === null ? told : { ...told, LLM_SHARD: shard };
  const settings = readSettings(wantsOwnMeter(own) ? { ...own, LLM_TRANSPORT: 'auto' } : own);
  const folder = path.resolve(cwd, settings.resultsDir, env[PART] ?? '');
  await mkdir(folder, { recursive: true });
  const samplesFile = path.join(folder, SAMPLES_FILE);
  try {
    const meter = await startMeterOfRun({ settings, env: own, scenario: scenarioIn(rest) });
    const tail = followConsole(samplesFile, { say: (line) => console.error(line) });
    try {
      return await startK6(binary, ['run', '--console-output', samplesFile, '--log-format', 'raw', ...rest], {
        // What -e sets would win over what the meter needs to be known by, so it goes by the environment too.
        env: { ...own, ...meter?.env, LLM_RESULTS_DIR: folder, LLM_SAMPLES: '1', [PART]: '' },
        cwd,
        isBesideMeter: needsMeter(settings, own),
      });
    } finally {
      await meter?.stop();
      await tail.stop();
    }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    console.error(error.message);
    return EXIT_SETUP;
  }
}

async function startK6(
  binary: string,
  args: readonly string[],
  { env, cwd, isBesideMeter }: { env: NodeJS.ProcessEnv; cwd: string; isBesideMeter: boolean },
): Promise<number> {
  const { code } = await runK6Process({
    binary,
    args,
    env,
    cwd,
    niceness: isBesideMeter ? K6_NICENESS : 0,
    showsSummary: true,
    sayLog: (line) => console.error(line),
    pass: null,
  });
  return code;
}

/** The name of the bundle among k6's arguments: it tells how many connections to open. */
function scenarioIn(args: readonly string[]): string {
  const script = args.find((argument) => /^[^-].*\.(js|tar)$/.test(argument)) ?? '';
  return path.basename(script).replace(/\.\w+$/, '');
}
