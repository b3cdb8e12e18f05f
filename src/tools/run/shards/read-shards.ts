import { availableParallelism } from 'node:os';
import type { Settings } from '../../../lib/settings/settings.ts';
import type { Verdict } from '../../../lib/summary/summary.ts';
import { highestVus } from '../../../lib/load/scale-load.ts';
import { SCENARIO_PARTS } from '../../../lib/load/scenario-parts.ts';
import { readNumber } from '../../cli/read-number.ts';
import { UsageError } from '../../cli/define-command.ts';
import { ownValue } from '../../../lib/parse/own-value.ts';

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
  if (shards > 1 && settings.shard !== null) {
    throw new UsageError(
      `--shards: got it beside LLM_SHARD=${settings.resolved.LLM_SHARD}, which makes this machine one part of a run; expected one of the two; leave LLM_SHARD empty`,
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

/**
 * Which machine of how many k6's own flag makes of one, as `LLM_SHARD` says it; null for all of the load. Of parts that are
 * not alike, as if all were as small as this one.
 */
export function shardOfSegment(k6Args: readonly string[]): string | null {
  const at = k6Args.findIndex((argument) => /^--execution-segment(=|$)/.test(argument));
  if (at < 0) return null;
  const [flag = '', next = ''] = k6Args.slice(at, at + 2);
  const [from, to] = (flag.split('=')[1] ?? next).split(':').map(fractionOf);
  if (from === undefined || to === undefined || !(to > from)) return null;
  const parts = Math.ceil(1 / (to - from) - 1e-9);
  return parts > 1 ? `${Math.min(parts, Math.floor(from * parts + 1e-9) + 1)}/${parts}` : null;
}

/** `2/3`, `0.5`; NaN for anything else. */
function fractionOf(text: string): number {
  const [above = '', below = '1'] = text.split('/');
  return above.trim() === '' ? Number.NaN : Number(above) / Number(below);
}

function bound(index: number, count: number): string {
  if (index === 0 || index === count) return index === 0 ? '0' : '1';
  return `${index}/${count}`;
}

const EXIT_THRESHOLDS = 99;

/**
 * The exit code of a divided run: of a k6 that broke, else 99 where one ended early by what it was to stop at, or where
 * the whole did not pass, else 0.
 *
 * @param verdict on the whole; null where there is none, as of a script that is not ours.
 */
export function exitCodeOf(codes: readonly number[], verdict: Verdict['state'] | null): number {
  const broken = codes.find((code) => code !== 0 && code !== EXIT_THRESHOLDS);
  if (broken !== undefined) return broken;
  return (verdict ?? 'pass') === 'pass' && codes.every((code) => code === 0) ? 0 : EXIT_THRESHOLDS;
}

/**
 * The exit code of a run in one k6: its own, but 99 where the run failed by what k6 itself cannot judge: no success at all
 * without thresholds, or a Rate of somebody's own that got no sample.
 *
 * @param verdict of the run's own summary; null where it wrote none.
 */
export function exitCodeOfWhole(code: number, verdict: Verdict['state'] | null): number {
  return code === 0 && verdict === 'fail' ? EXIT_THRESHOLDS : code;
}
