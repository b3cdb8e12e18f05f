import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { splitTrace } from '../../lib/load/arrivals.ts';
import { settingsWith } from '../../lib/settings/catalog.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { PROFILE_NAMES } from '../../lib/thresholds/load-profile.ts';

/** Settings that hold a file's path. k6 would take a relative one as relative to the bundle. */
const FILE_SETTINGS: readonly string[] = settingsWith('file');

/** The settings of an environment with absolute paths that name a file which is not there. */
export function missingFiles(env: NodeJS.ProcessEnv): string[] {
  const fileOf = (name: string): string => (env[name] ?? '').trim();
  const missing = FILE_SETTINGS.filter((name) => fileOf(name) !== '' && !existsSync(fileOf(name)));
  const trace = traceOf(fileOf('LLM_ARRIVALS'))?.file;
  return trace === undefined || existsSync(trace) ? missing : [...missing, 'LLM_ARRIVALS'];
}

/**
 * Refuses what is not there, and what would never end or cannot be read twice, as `/dev/zero` and a folder; each VU opens
 * these files anew.
 *
 * @param env with absolute paths.
 * @throws ConfigError for the first one.
 */
export function refuseOddFiles(env: NodeJS.ProcessEnv): void {
  const valueOf = (name: string): string => (env[name] ?? '').trim();
  const [missing] = missingFiles(env);
  if (missing !== undefined) throw fileRefusal(missing, valueOf(missing), 'a file that is there');
  const named = [...FILE_SETTINGS, 'LLM_THRESHOLDS'].map((name): [string, string] => [name, valueOf(name)]);
  const trace = traceOf(valueOf('LLM_ARRIVALS'))?.file ?? '';
  for (const [setting, file] of [...named, ['LLM_ARRIVALS', trace] as const]) {
    const stats = path.isAbsolute(file) ? statSync(file, { throwIfNoEntry: false }) : undefined;
    // Files of /proc call themselves regular, and tell no size.
    const isOdd = stats !== undefined && (!stats.isFile() || /^\/(proc|sys)\//.test(file));
    if (!isOdd) continue;
    const what = stats.isDirectory() ? 'folder' : 'device, a pipe or the like';
    throw fileRefusal(setting, file, `a regular file, not a ${what}`);
  }
}

function fileRefusal(setting: string, got: string, expected: string): ConfigError {
  const example = `${setting}=${setting === 'LLM_ARRIVALS' ? 'trace:' : ''}/data/my-file.json`;
  return new ConfigError({ setting, got, expected, example });
}

/** The environment with file paths made absolute, as seen from the folder that the command was called in. */
export function withAbsolutePaths(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  const absolute: NodeJS.ProcessEnv = { ...env };
  for (const name of FILE_SETTINGS) {
    const given = env[name]?.trim() ?? '';
    if (given !== '') absolute[name] = path.resolve(cwd, given);
  }
  const trace = traceOf(env['LLM_ARRIVALS']?.trim() ?? '');
  if (trace !== null) {
    const query = trace.query === '' ? '' : `?${trace.query}`;
    absolute['LLM_ARRIVALS'] = `trace:${path.resolve(cwd, trace.file)}${query}`;
  }
  const thresholds = env['LLM_THRESHOLDS']?.trim() ?? '';
  // The name of a built-in profile is no path, whatever lies in this folder; any other word is one where it leads to something.
  const isName = thresholds === '' || PROFILE_NAMES.includes(thresholds);
  if (/[/\\.]/.test(thresholds) || (!isName && existsSync(path.resolve(cwd, thresholds)))) {
    absolute['LLM_THRESHOLDS'] = path.resolve(cwd, thresholds);
  }
  return absolute;
}

/** The file of `trace:FILE?unit=s`; null for other arrivals. */
function traceOf(arrivals: string): { file: string; query: string } | null {
  const argument = /^trace:(.+)$/.exec(arrivals)?.[1];
  return argument === undefined ? null : splitTrace(argument.trim());
}
