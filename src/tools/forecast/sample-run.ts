import { readFileSync } from 'node:fs';
import { parseDataset } from '../../lib/prompts/dataset/dataset.ts';
import { isSessionText } from '../../lib/prompts/session/parse-sessions.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { SCENARIO_PARTS } from '../../lib/load/scenario-parts.ts';
import { type Mix, nameInMix } from '../../lib/prompts/mix.ts';
import { UsageError } from '../cli/define-command.ts';
import type { K6 } from '../k6/find-k6.ts';
import { settingsPricing } from '../prices/settings-pricing.ts';
import { refuseOddFiles, withAbsolutePaths } from '../run/run-environment.ts';
import { runForAnswer } from '../run/run-for-answer.ts';
import { wantsOwnMeter } from '../run/meters/running-meter.ts';
import { scenarioFile } from '../run/scenario-file.ts';

/** Few requests of a scenario, to see what they take. */
export type SamplePlan = {
  scenario: string;
  name: string;
  requests: number;
  env: NodeJS.ProcessEnv;
  settings: Settings;
  /** What is forecast; null: as the sample's requests come. */
  mix: Mix | null;
};

/** Scenarios whose requests are of tasks, and not of the mix. */
const OF_TASKS: readonly string[] = ['mixed'];

/**
 * Plans a sample, in which each model of any of the mixes is asked as often as any other.
 *
 * @throws UsageError for a scenario that is not there, and for fewer requests than models; ConfigError for a setting, a data set, or prices.
 */
export function planSample(
  scenario: string,
  { requests, stream, otherMixes }: { requests: number; stream: boolean; otherMixes: readonly Mix[] },
  given: NodeJS.ProcessEnv = process.env,
): SamplePlan {
  const { name } = scenarioFile(scenario);
  if (name === 'ab') {
    throw new UsageError(
      'ab asks several providers; write k6-llm ab --providers FILE, and --from its results',
    );
  }
  const asked: NodeJS.ProcessEnv = { ...given, ...(stream ? { LLM_STREAM: '1' } : {}) };
  const { mix, datasetFile } = settingsOf(asked);
  const asksMix =
    Object.hasOwn(SCENARIO_PARTS, name) && !OF_TASKS.includes(name) && !rowsNameKinds(datasetFile);
  const models = [...new Set([mix, ...otherMixes].flatMap((one) => one.map(nameInMix)))];
  if (asksMix && requests < models.length) {
    throw new UsageError(
      `--sample: got ${requests}; expected at least one request for each of ${models.length} models; write --sample ${models.length * 10}`,
    );
  }
  // Pauses would only take time, and change no token.
  const env = { LLM_THINK_TIME: '0s', ...asked, ...(asksMix ? { LLM_MIX: models.join(',') } : {}) };
  refuseOddFiles(withAbsolutePaths(env, process.cwd()));
  const settings = settingsOf(env);
  settingsPricing(settings);
  return { scenario, name, requests, env, settings, mix: asksMix ? mix : null };
}

/** Rows that name a kind of request go to the models that take it, whatever the mix draws: only a run as it is tells how many. */
function rowsNameKinds(file: string | null): boolean {
  const text = file === null ? null : textOf(file);
  if (file === null || text === null || isSessionText(text)) return false;
  return parseDataset(text, { fileName: file, setting: 'LLM_DATASET' }).kinds.length > 0;
}

/** null: it cannot be read, as the run will say. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** As the run will see them; until the launcher has started the meter, there is no address to check. */
function settingsOf(env: NodeJS.ProcessEnv): Settings {
  return readSettings(wantsOwnMeter(env) ? { ...env, LLM_TRANSPORT: 'auto' } : env);
}

/** At once, at most: a sample is to load nothing. */
const MOST_AT_ONCE = 4;

/** Runs it into a folder. @returns k6's exit code. */
export async function runSample(
  { scenario, name, requests, env, settings }: SamplePlan,
  { k6, folder }: { k6: K6; folder: string },
): Promise<number> {
  return runForAnswer({
    scenario,
    name,
    settings,
    env,
    k6,
    k6Args: ['--quiet', '--vus', String(Math.min(MOST_AT_ONCE, requests)), '--iterations', String(requests)],
    resultsDir: folder,
    meters: 'auto',
  });
}
