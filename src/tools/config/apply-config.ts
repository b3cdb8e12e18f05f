import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { hint } from '../../lib/parse/did-you-mean.ts';
import { UsageError } from '../cli/define-command.ts';
import { parseConfig } from './parse-config.ts';

/** The file that is read where it lies in the folder that the command is called in. */
export const CONFIG_FILE = 'k6-llm.config.json';

/** What the command line says of files of settings. */
export type ConfigChoice = { config?: string; profile?: string; envFile?: string };

/** Where each variable's value came from, beside the environment: for `doctor`. */
const sources = new Map<string, string>();

/** The file, and the set in it, that a variable's value came from; null: it was in the environment, or is not set. */
export function sourceOf(variable: string): string | null {
  return sources.get(variable) ?? null;
}

/**
 * Puts what the files say into the environment, where it has no value of its own: first `--env-file`, then the profile,
 * then what holds for every run.
 *
 * @throws UsageError for a file or a profile that is not there; ConfigError for what is wrong in one.
 */
export function applyConfig({ config, profile, envFile }: ConfigChoice, env: NodeJS.ProcessEnv): void {
  const fill = (variable: string, value: string | undefined, source: string): void => {
    if (value === undefined || (env[variable] ?? '').trim() !== '') return;
    env[variable] = value;
    sources.set(variable, source);
  };
  if (envFile !== undefined) {
    for (const [name, value] of Object.entries(parseEnv(readText(envFile, '--env-file'))))
      fill(name, value, envFile);
  }
  const file = config ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : null);
  if (file === null) {
    if (profile === undefined) return;
    throw new UsageError(
      `--profile: got "${profile}" and no file; expected ${CONFIG_FILE} here, or --config FILE; write k6-llm run baseline --config my.json --profile ${profile}`,
    );
  }
  const { base, profiles } = parseConfig(readText(file, '--config'), file);
  const names = [...profiles.keys()];
  const set = profile === undefined ? undefined : profiles.get(profile);
  if (profile !== undefined && set === undefined) {
    const known = names.length === 0 ? 'it has none' : `one of ${names.join(', ')}`;
    throw new UsageError(
      `--profile: got "${profile}"; expected a profile of ${file}: ${known}${hint(profile, names)}`,
    );
  }
  for (const [name, value] of set ?? []) fill(name, value, `${file}, profile ${profile ?? ''}`);
  for (const [name, value] of base) fill(name, value, file);
}

function readText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${flag}: got "${file}"; expected a file that can be read (${why})`, {
      cause: error,
    });
  }
}
