import { hasTrait, SETTING_NAMES, type SettingName } from '../../lib/settings/catalog.ts';
import type { Environment } from '../../lib/settings/api-key.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { shellLine } from './shell-line.ts';

/** How to start a scenario in k6 Cloud. */
export type CloudCommand = {
  /** What follows `k6`. */
  args: readonly string[];
  /** The same for a person to paste, `k6 cloud run -e …`. */
  line: string;
  /** What a reader must know before: what was left out, where the key must come from. */
  notes: readonly string[];
};

const LOCAL_FLAG = '--local-execution';

/**
 * The command line that runs a bundle in k6 Cloud with every setting of the shell: `k6 cloud run` passes
 * nothing of the environment on by itself. Neither the key nor any other secret is in it, since k6 stores
 * `-e` values in the archive that it uploads.
 *
 * @param bundle path of `dist/<scenario>.js`.
 * @param k6Arguments what the user gave after `--`; with `--local-execution` this machine sends the load, so
 * nothing is refused.
 * @throws ConfigError for a wrong setting, a target or a transport that the cloud cannot have.
 */
export function cloudCommand({
  bundle,
  env,
  k6Arguments,
}: {
  bundle: string;
  env: Environment;
  k6Arguments: readonly string[];
}): CloudCommand {
  const settings = readSettings(env);
  const local = k6Arguments.includes(LOCAL_FLAG);
  if (!local) assertReachable(settings);
  assertNoCredentials(env, settings);
  const passed = SETTING_NAMES.filter((name) => isSet(env, name) && isPassed(name));
  const args = [
    'cloud',
    'run',
    ...passed.flatMap((name) => ['-e', `${name}=${env[name] ?? ''}`]),
    ...k6Arguments,
    bundle,
  ];
  return { args, line: shellLine(['k6', ...args]), notes: notesFor({ env, settings, local }) };
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

function isPassed(name: SettingName): boolean {
  return !hasTrait(name, 'secret') && !hasTrait(name, 'local');
}

/** A password in the URL would be stored like any other `-e` value. */
function assertNoCredentials(env: Environment, { endpoints }: Settings): void {
  if (!/\/\/[^/?#]*@/.test(env['LLM_BASE_URL'] ?? '')) return;
  throw new ConfigError({
    setting: 'LLM_BASE_URL',
    got: endpoints.displayUrl,
    expected: 'a URL without user and password: k6 stores it in the archive that it uploads',
    example: 'LLM_BASE_URL=https://llm.example.com/v1',
  });
}

/** The cloud's machines see neither this one's loopback nor its processes, and take no community extension. */
function assertReachable({ endpoints, provider, transport }: Settings): void {
  if (/^https?:\/\/(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)([:/]|$)/i.test(endpoints.displayUrl)) {
    throw new ConfigError({
      setting: provider.startCommand === null ? 'LLM_BASE_URL' : 'LLM_PROVIDER',
      got: provider.startCommand === null ? endpoints.displayUrl : provider.name,
      expected: 'a target that k6 Cloud can reach (or -- --local-execution)',
      example: 'LLM_BASE_URL=https://llm.example.com/v1',
    });
  }
  if (transport === 'http') return;
  throw new ConfigError({
    setting: 'LLM_TRANSPORT',
    got: transport,
    expected: 'http: k6 Cloud has no stream meter and no xk6-sse (or -- --local-execution)',
    example: 'LLM_TRANSPORT=http',
  });
}

function notesFor({
  env,
  settings: { provider },
  local,
}: {
  env: Environment;
  settings: Settings;
  local: boolean;
}): string[] {
  const secrets = SETTING_NAMES.filter((name) => hasTrait(name, 'secret') && isSet(env, name));
  const keyName = provider.keyVariable ?? 'LLM_API_KEY';
  return [
    local
      ? `The key is read from the shell, or from k6's secrets (${keyName}).`
      : `The key is not in the command: give the cloud a secret or an environment variable named ${keyName}.`,
    ...secrets
      .filter((name) => name !== 'LLM_API_KEY')
      .map((name) => `${name} was left out, because k6 stores -e values in its archive.`),
    ...(local ? [] : ['handleSummary does not run in k6 Cloud: no summary.json, no exit code of ours.']),
  ];
}
