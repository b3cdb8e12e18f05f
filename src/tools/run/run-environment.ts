import { existsSync } from 'node:fs';
import path from 'node:path';

/** Settings that hold a file's path. k6 would take a relative one as relative to the bundle. */
const FILE_SETTINGS = ['LLM_DATASET', 'LLM_PRICES'] as const;

/** The settings of an environment with absolute paths that name a file which is not there. */
export function missingFiles(env: NodeJS.ProcessEnv): string[] {
  const fileOf = (name: string): string => (env[name] ?? '').trim();
  const missing = FILE_SETTINGS.filter((name) => fileOf(name) !== '' && !existsSync(fileOf(name)));
  const trace = /^trace:(.+)$/.exec(fileOf('LLM_ARRIVALS'))?.[1];
  return trace === undefined || existsSync(trace) ? missing : [...missing, 'LLM_ARRIVALS'];
}

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
