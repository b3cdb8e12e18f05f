import { availableParallelism } from 'node:os';
import { UsageError } from '../../cli/define-command.ts';
import { readNumber } from '../../cli/read-number.ts';
import { partsFor } from '../../machine/connection-limits.ts';
import { MAX_WORKERS } from '../../meter/meter-options.ts';

/** So many streams one meter carries with ease (docs/streaming.md). */
const STREAMS_A_METER = 1000;

/** How many meters a run is to have: as many as its streams need, or a number. */
export type Meters = number | 'auto';

/**
 * What `--meters` says; `auto` when it is not given.
 *
 * @throws UsageError
 */
export function readMeters(text: string | null): Meters {
  if (text === null || text === 'auto') return 'auto';
  if (!/^\d+$/.test(text)) {
    throw new UsageError(
      `--meters: got "${text}"; expected auto, or a number of at most ${MAX_WORKERS}; write --meters auto`,
    );
  }
  return readNumber('--meters', text, { fallback: 1, min: 1, max: MAX_WORKERS });
}

/**
 * One meter to a thousand streams, and one more for each further thousand; a core is left to k6. Yet never fewer than
 * the system's limit of open files demands: a stream takes two.
 *
 * @param streams open at a time, at the peak.
 * @param openFiles that one process may have; null: not known.
 */
export function metersFor(
  meters: Meters,
  streams: number,
  { cores = availableParallelism(), openFiles }: { cores?: number; openFiles: number | null },
): number {
  if (meters !== 'auto') return meters;
  const wanted = Math.min(Math.ceil(streams / STREAMS_A_METER), cores - 1);
  return Math.min(MAX_WORKERS, Math.max(1, wanted, partsFor(2 * streams, openFiles)));
}
