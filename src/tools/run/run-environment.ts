import { existsSync } from 'node:fs';
import path from 'node:path';
import { SETTING_NAMES } from '../../lib/config/catalog.ts';

/** Settings that hold a file's path. k6 would take a relative one as relative to the bundle. */
const FILE_SETTINGS = ['LLM_DATASET', 'LLM_PRICES', 'LLM_PROVIDERS'] as const;

/** The environment with file paths made absolute, as seen from the folder that the command was called in. */
export function withAbsolutePaths(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  const absolute: NodeJS.ProcessEnv = { ...env };
  for (const name of FILE_SETTINGS) {
    const given = env[name]?.trim() ?? '';
    if (given !== '') absolute[name] = path.resolve(cwd, given);
  }
  const trace = /^trace:(.+)$/.exec(env['LLM_ARRIVALS']?.trim() ?? '')?.[1];
  if (trace !== undefined) absolute['LLM_ARRIVALS'] = `trace:${path.resolve(cwd, trace)}`;
  const thresholds = env['LLM_THRESHOLDS']?.trim() ?? '';
  // A profile's name is not a path, unless there is such a file.
  if (/[/\\.]/.test(thresholds) || (thresholds !== '' && existsSync(path.resolve(cwd, thresholds)))) {
    absolute['LLM_THRESHOLDS'] = path.resolve(cwd, thresholds);
  }
  return absolute;
}

/** `results/2026-11-25T04-31-07-stress`: where a run writes when `LLM_RESULTS_DIR` is not set. */
export function defaultResultsDir(scenario: string, now: Date): string {
  return path.join('results', `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${scenario}`);
}

/** `-e NAME=value` for every setting that is set, the key never: k6 stores these in archives. */
export function settingArguments(env: NodeJS.ProcessEnv): string[] {
  return SETTING_NAMES.filter((name) => name !== 'LLM_API_KEY' && (env[name] ?? '').trim() !== '').flatMap(
    (name) => ['-e', `${name}=${env[name] ?? ''}`],
  );
}
