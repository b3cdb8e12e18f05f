import { SETTING_NAMES } from '../../lib/settings/catalog.ts';
import { UsageError } from '../cli/define-command.ts';

/** What a person gave behind `--`. */
export type K6Arguments = {
  /** For k6, as they are. */
  args: readonly string[];
  /** Settings given as `-e NAME=value`: the launcher must see them too. */
  settings: Readonly<Record<string, string>>;
};

/** k6 flags that would take from the launcher what it lives on, and what to do instead. */
const TAKEN: Readonly<Record<string, string>> = {
  '--console-output': 'samples go there; what the script prints is shown',
  '--log-format': 'samples are lines of their own',
  '--http-debug': 'it prints every header, and the key is in one',
};

/**
 * Takes settings out of k6's arguments.
 *
 * @throws UsageError for a flag that the launcher needs for itself.
 */
export function readK6Arguments(given: readonly string[]): K6Arguments {
  const args: string[] = [];
  const settings: Record<string, string> = {};
  for (let index = 0; index < given.length; index++) {
    const argument = given[index] ?? '';
    refuseTaken(argument);
    const isPair = argument === '-e' || argument === '--env';
    const text = isPair ? given[index + 1] : /^(?:--env=|-e=?)(.+)$/s.exec(argument)?.[1];
    const setting = text === undefined ? null : settingIn(text);
    if (setting === null) {
      args.push(argument);
      continue;
    }
    settings[setting.name] = setting.value;
    if (isPair) index++;
  }
  return { args, settings };
}

function settingIn(text: string): { name: string; value: string } | null {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at));
  return SETTING_NAMES.some((known) => known === name) ? { name, value: text.slice(at + 1) } : null;
}

function refuseTaken(argument: string): void {
  const flag = argument.split('=')[0] ?? '';
  const reason = Object.hasOwn(TAKEN, flag) ? TAKEN[flag] : undefined;
  if (reason === undefined) return;
  throw new UsageError(
    `--: got "${flag}"; expected k6 arguments without it, because ${reason}; write k6-llm run smoke -- --quiet`,
  );
}

/**
 * k6 takes its flags from the environment too.
 *
 * @throws UsageError for one that shows the key.
 */
export function refuseHttpDebug(env: NodeJS.ProcessEnv): void {
  const given = (env['K6_HTTP_DEBUG'] ?? '').trim();
  if (given === '') return;
  throw new UsageError(
    `K6_HTTP_DEBUG: got "${given}"; expected it unset, because ${TAKEN['--http-debug']}; write env -u K6_HTTP_DEBUG k6-llm run smoke`,
  );
}
