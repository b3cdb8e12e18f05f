import { meanMs, quantileMs, type ServerHistogram, timesBetween } from './server-times.ts';

/** The tag `stat`: since the last look, and since the first (the run's, once it is over). */
export const SERVER_STATS = ['p95', 'mean', 'run_p95', 'run_mean'] as const;

export type ServerStat = (typeof SERVER_STATS)[number];

const Q = 0.95;

/** What two histograms of a server tell, ms; null where no request came in the time. */
export function statsBetween({
  first,
  last,
  now,
}: {
  first: ServerHistogram | undefined;
  last: ServerHistogram | undefined;
  now: ServerHistogram;
}): Readonly<Record<ServerStat, number | null>> {
  const sinceFirst = timesBetween(first ?? now, now);
  const sinceLast = timesBetween(last ?? now, now);
  return {
    p95: quantileMs(sinceLast, Q),
    mean: meanMs(sinceLast),
    run_p95: quantileMs(sinceFirst, Q),
    run_mean: meanMs(sinceFirst),
  };
}
