import type { PlannedPart } from './planned-parts.ts';

/** Width of the windows after a spike, in seconds: `after-00`, `after-10`, … */
const WINDOW_SEC = 10;

/** When a spike begins and ends, ms from the start of the load. */
export type SpikeTimes = { startMs: number; beginMs: number; endMs: number; stopMs: number };

/** The times of a part shaped like `SPIKE`: calm, rise, held, calm again; null for another part. */
export function spikeTimes(part: PlannedPart): SpikeTimes | null {
  if (part.load.kind !== 'open' || part.load.stages.length !== 4) return null;
  const [calmMs = 0, riseMs = 0, heldMs = 0, afterMs = 0] = part.load.stages.map(
    ({ durationMs }) => durationMs,
  );
  const beginMs = part.zeroMs + calmMs;
  const endMs = beginMs + riseMs + heldMs;
  return { startMs: part.zeroMs, beginMs, endMs, stopMs: endMs + afterMs };
}

/** Every value that the tag `window` takes: `before`, `spike`, `after-00`, `after-10`, … */
export function windowNames({ endMs, stopMs }: SpikeTimes): string[] {
  const count = Math.max(1, Math.ceil((stopMs - endMs) / (WINDOW_SEC * 1000)));
  const after = Array.from({ length: count }, (_, index) => afterWindow(index * WINDOW_SEC * 1000));
  return ['before', 'spike', ...after];
}

/** The window of a request issued at a time since the load began; null before and after the part. */
export function windowAt(times: SpikeTimes, elapsedMs: number): string | null {
  if (elapsedMs < times.startMs || elapsedMs >= times.stopMs) return null;
  if (elapsedMs < times.beginMs) return 'before';
  return elapsedMs < times.endMs ? 'spike' : afterWindow(elapsedMs - times.endMs);
}

/** The tag `window` for a time after the spike's end, `after-20`. */
function afterWindow(sinceSpikeMs: number): string {
  const startSec = Math.floor(sinceSpikeMs / (WINDOW_SEC * 1000)) * WINDOW_SEC;
  return `after-${String(startSec).padStart(2, '0')}`;
}
