import { availableParallelism } from 'node:os';
import type { Settings } from '../../lib/settings/settings.ts';
import { highestVus } from '../../lib/load/scale-load.ts';
import { SCENARIO_PARTS } from '../../lib/load/scenario-parts.ts';
import { readNumber } from '../cli/read-number.ts';
import { UsageError } from '../cli/define-command.ts';
import { ownValue } from '../../lib/parse/own-value.ts';

/** More k6 processes than this share no machine well, whatever its size. */
const MAX_SHARDS = 64;

/** Flags of k6 that `--shards` sets itself. */
const SEGMENT_FLAG = /^--execution-segment(-sequence)?(=|$)/;

/**
 * The number of k6 processes that a run is divided among; 1 when the flag is not given.
 *
 * @throws UsageError for a wrong number, and where the load cannot be divided.
 */
export function readShards(
  text: string | null,
  { scenario, settings, k6Args }: { scenario: string; settings: Settings; k6Args: readonly string[] },
): number {
  if (text === null) return 1;
  const shards = readNumber('--shards', text, { fallback: availableParallelism(), min: 1, max: MAX_SHARDS });
  if (shards > 1 && k6Args.some((argument) => SEGMENT_FLAG.test(argument))) {
    throw new UsageError(
      '--shards: got it beside --execution-segment; expected one of the two; write k6-llm run baseline --shards 2',
    );
  }
  const users = usersOf(scenario, settings);
  if (users !== null && shards > users) {
    throw new UsageError(
      `--shards: got "${text}"; expected at most ${users}, since ${scenario} has so many users to divide; write --shards ${users}`,
    );
  }
  return shards;
}

/** Users at the peak of a closed load; null for an open one or a script of one's own. */
function usersOf(scenario: string, settings: Settings): number | null {
  if (settings.holdMs !== null) return settings.ratePerSec === null ? settings.vus : null;
  const loads = (ownValue(SCENARIO_PARTS, scenario) ?? []).map(({ load }) => load);
  const ownUsers = highestVus(loads);
  if (ownUsers !== null) return settings.vus ?? ownUsers;
  return loads.some(({ kind }) => kind === 'iterations') ? 1 : null;
}

/** k6's flags for one shard of `count`, from 0. All shards together make the same load as one k6. */
export function segmentArguments(shard: number, count: number): string[] {
  const bounds = Array.from({ length: count + 1 }, (_, index) => bound(index, count));
  return [
    '--execution-segment',
    `${bound(shard, count)}:${bound(shard + 1, count)}`,
    '--execution-segment-sequence',
    bounds.join(','),
  ];
}

function bound(index: number, count: number): string {
  if (index === 0 || index === count) return index === 0 ? '0' : '1';
  return `${index}/${count}`;
}

const EXIT_THRESHOLDS = 99;

/** The gravest of several k6 exit codes: one that tells of a broken run, else 99, else 0. */
export function worstExitCode(codes: readonly number[]): number {
  return codes.find((code) => code !== 0 && code !== EXIT_THRESHOLDS) ?? Math.max(0, ...codes);
}
