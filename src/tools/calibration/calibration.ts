/** What this machine can drive, and how far what it measures is from the truth. */
export type MachineFigures = {
  /** Answers in one piece that k6 took from a mock beside it; null where that was not measured. */
  requestsPerSec: number | null;
  /** By how many were open at a time, fewest first. */
  streams: readonly StreamError[];
};

/** How far the figures of streams are from what the mock wrote: measured less true, ms. */
export type StreamError = {
  /** Streams asked for. */
  count: number;
  /** Most that were open at once, by the mock. */
  open: number;
  ttftErrorMs: number;
  /** Of the 99th percentiles. */
  ttftErrorP99Ms: number;
  tpotErrorMs: number;
};

/** What is known of this machine, and since when. */
export type MachineCalibration = {
  /** ISO 8601. */
  takenAt: string;
  calibration: MachineFigures;
};

/** What this machine adds at so many open streams, ms. */
export type AddedTime = { streams: number; ttftMs: number; tpotMs: number; takenAt: string };

/** In a straight line between the counts that were measured; of more than the most it tells the most. null without any. */
export function addedTime({ takenAt, calibration }: MachineCalibration, streams: number): AddedTime | null {
  // What was really open: a machine may not have managed what was asked.
  const known = calibration.streams.toSorted((a, b) => a.open - b.open);
  const above = known.find(({ open }) => open >= streams);
  const below = known.findLast(({ open }) => open <= streams);
  const [low, high] = [below ?? above, above ?? below];
  if (low === undefined || high === undefined) return null;
  const share = high.open === low.open ? 0 : (streams - low.open) / (high.open - low.open);
  const at = (read: (error: StreamError) => number): number => read(low) + share * (read(high) - read(low));
  return {
    streams,
    ttftMs: Math.max(
      0,
      at(({ ttftErrorMs }) => ttftErrorMs),
    ),
    tpotMs: Math.max(
      0,
      at(({ tpotErrorMs }) => tpotErrorMs),
    ),
    takenAt,
  };
}

const THIS_MACHINE = 'this machine adds ';

/** Whether a note says what the machine that wrote it adds. */
export function isAddedTimeText(note: string): boolean {
  return note.startsWith(THIS_MACHINE);
}

/** `this machine adds 3 ms to TTFT at 400 open streams (k6-llm doctor --calibrate, 2026-11-28)`. */
export function addedTimeText({ streams, ttftMs, takenAt }: AddedTime): string {
  const ms = ttftMs >= 10 ? ttftMs.toFixed(0) : ttftMs.toFixed(1);
  return `${THIS_MACHINE}${ms} ms to TTFT at ${Math.round(streams)} open ${Math.round(streams) === 1 ? 'stream' : 'streams'} (k6-llm doctor --calibrate, ${takenAt.slice(0, 10)})`;
}
