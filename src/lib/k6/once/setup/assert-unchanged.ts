import exec from 'k6/execution';
import { isRecord } from '../../../parse/json.ts';
import { ConfigError } from '../../../parse/config-error.ts';
import { DIGEST_VARIABLE } from '../../../plan/build-options.ts';
import type { PlannedRun } from '../plan-run.ts';

/**
 * Stops a run whose settings are not those that its options were built from: `k6 archive` and `k6 cloud run`
 * freeze options, and a later `-e LLM_MIX=…` would change the requests but neither load nor thresholds.
 *
 * @throws ConfigError that names the first setting that differs.
 */
export function assertUnchanged(run: PlannedRun): void {
  const frozen = frozenDigest();
  if (frozen === null || frozen === run.optionsDigest) return;
  const now = run.optionsDigest.split('\n');
  const was = frozen.split('\n');
  const index = now.findIndex((line, at) => line !== was[at]);
  throw new ConfigError({
    setting: now[index]?.replace(/=.*$/s, '') ?? 'settings',
    got: now[index]?.replace(/^[^=]*=/, '') ?? '',
    expected: `what the options were archived with (${was[index] ?? 'nothing'})`,
    example: 'the same -e values as for k6 archive, or archive again',
  });
}

function frozenDigest(): string | null {
  const { scenarios } = exec.test.options;
  for (const scenario of Object.values(scenarios ?? {})) {
    const env: unknown = isRecord(scenario) ? scenario['env'] : null;
    const digest = isRecord(env) ? env[DIGEST_VARIABLE] : undefined;
    if (typeof digest === 'string') return digest;
  }
  return null;
}
