import batch from '../../../thresholds/batch.json';
import ci from '../../../thresholds/ci.json';
import standard from '../../../thresholds/default.json';
import streaming from '../../../thresholds/streaming.json';
import strict from '../../../thresholds/strict.json';
import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import { parseProfile, parseProfileText, type ThresholdProfile } from './threshold-profile.ts';

const PROFILES: Readonly<Record<string, unknown>> = { default: standard, streaming, batch, strict, ci };

/** The profiles that every bundle holds. */
export const PROFILE_NAMES: readonly string[] = Object.keys(PROFILES);

/**
 * The profile that `LLM_THRESHOLDS` names: a built-in one, or a JSON file (anything with a dot or a slash in it).
 *
 * @param readFile called at most once, for a file.
 * @throws ConfigError for an unknown name or a file that is no profile.
 */
export function loadProfile(named: string, readFile: (path: string) => string): ThresholdProfile {
  const name = named.trim();
  const place = `LLM_THRESHOLDS ${name}`;
  if (Object.hasOwn(PROFILES, name)) return parseProfile(PROFILES[name], place);
  if (/[./\\]/.test(name)) return parseProfileText(readFile(name), place);
  throw new ConfigError({
    setting: 'LLM_THRESHOLDS',
    got: named,
    expected: `one of ${PROFILE_NAMES.join(', ')}, or a JSON file${hint(name, PROFILE_NAMES)}`,
    example: 'LLM_THRESHOLDS=default, or LLM_THRESHOLDS=/path/to/profile.json',
  });
}
