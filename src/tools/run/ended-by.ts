import { constants } from 'node:os';

/** k6's own for Ctrl-C. */
export const EXIT_INTERRUPTED = 105;
const { SIGHUP, SIGINT, SIGTERM } = constants.signals;
/** k6 that was not yet ready for it ends by the signal itself. */
const ENDED_BY_SIGNAL: readonly number[] = [SIGHUP, SIGINT, SIGTERM].map((signal) => 128 + signal);

/** True for a k6 that somebody asked to end. @param exitCode 128 and the signal's number where one ended it. */
export function wasInterrupted(exitCode: number): boolean {
  return exitCode === EXIT_INTERRUPTED || ENDED_BY_SIGNAL.includes(exitCode);
}

/** What is to be told of a k6 that a signal ended which nobody sends to be polite; null for any other end. */
export function killedText(exitCode: number): string | null {
  if (exitCode <= 128 || wasInterrupted(exitCode)) return null;
  const number = exitCode - 128;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  const why = number === constants.signals.SIGKILL ? ', as a system that is out of memory does' : '';
  return `k6 was killed (${name ?? `signal ${number}`})${why}`;
}
