import { formatSpan } from '../text/format.ts';
import { isRecord } from '../parse/json.ts';
import { finiteOrNull } from './k6-data.ts';

/**
 * How far the clock of the machine that makes the load is ahead of the target's, ms, between two bounds; below 0 it is
 * behind. The target's `Date` header has whole seconds, so the bounds are at least a second apart.
 */
export type ClockAhead = { lowMs: number; highMs: number };

/** From one answer: when it was asked for and had come by our clock, and what the target's clock said between. */
export function clockAheadOf(askedAtMs: number, cameAtMs: number, dateMs: number | null): ClockAhead | null {
  return dateMs === null ? null : { lowMs: askedAtMs - (dateMs + 1000), highMs: cameAtMs - dateMs };
}

/** Reads what stands in a file; null for anything else. */
export function readClockAhead(value: unknown): ClockAhead | null {
  if (!isRecord(value)) return null;
  const [lowMs, highMs] = [finiteOrNull(value['lowMs']), finiteOrNull(value['highMs'])];
  return lowMs === null || highMs === null ? null : { lowMs, highMs };
}

/** A sentence for each part whose clock is surely ahead of another's: what is less than the bounds tell nobody sees. */
export function clockNotes(parts: readonly { label: string; ahead: ClockAhead | null }[]): string[] {
  const known = parts.flatMap(({ label, ahead }) => (ahead === null ? [] : [{ label, ...ahead }]));
  const least = Math.min(...known.map(({ highMs }) => highMs));
  const last = known.find(({ highMs }) => highMs === least);
  if (last === undefined) return [];
  return known
    .filter(({ lowMs }) => lowMs > last.highMs)
    .map(
      ({ label, lowMs, highMs }) =>
        `clocks differ: ${label}'s is ${formatSpan(lowMs - last.highMs)} to ${formatSpan(highMs - last.lowMs)} ahead of ${last.label}'s, by the target's Date header; LLM_START_AT and the plots over time are off by as much`,
    );
}
