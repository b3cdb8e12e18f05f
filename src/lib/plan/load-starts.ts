/**
 * When the load of a run of steps may begin, ms from k6's own start. k6 counts a threshold's `delayAbortEval` from there,
 * setup included, and takes it before the run, when nobody knows how long setup will be. So each step has thresholds for
 * each of these times, setup waits for the next one, and requests are tagged `start` with it: only the thresholds
 * of the right time get samples.
 */
const FIRST_MS = 1000;

/** Each twice the one before, so that nobody waits longer than setup took; the last one is at least `longestSetupMs`. */
export function loadStarts(longestSetupMs: number): number[] {
  const starts = [FIRST_MS];
  while ((starts.at(-1) ?? Infinity) < longestSetupMs) starts.push((starts.at(-1) ?? FIRST_MS) * 2);
  return starts;
}

/** The next of them, for a setup that has taken so long. */
export function nextLoadStart(elapsedMs: number): number {
  return loadStarts(elapsedMs).at(-1) ?? FIRST_MS;
}

/** The value of the tag `start`. */
export function startTag(startMs: number): string {
  return `${startMs / 1000}s`;
}

/** Whether a threshold's key is one that only ends the run: the step's own, without a start, gives the verdict. */
export function isOfLoadStart(key: string): boolean {
  return /[{,]start:/.test(key);
}

/** The key of the step's own threshold, of one for a time. */
export function withoutLoadStart(key: string): string {
  return key.replace(/,start:[^,}]*/, '');
}
