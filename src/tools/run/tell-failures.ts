import { WARNINGS } from '../../lib/answer/answer-warnings.ts';
import type { FailureLine } from '../../lib/samples/failure-line.ts';

/** Reasons of one kind that are told: models, and servers behind one address, fail in different words. */
const TOLD_REASONS = 3;

/**
 * Passes on the first reasons of each kind of failure in a whole run, whichever VU and k6 met them, and says once of
 * each kind that there are more.
 */
export function createFailureTeller(say: (line: string) => void): (failure: FailureLine) => void {
  const toldByKind = new Map<string, Set<string>>();
  return ({ kind, model, message }) => {
    const told = toldByKind.get(kind) ?? new Set();
    toldByKind.set(kind, told);
    const isWarning = Object.hasOwn(WARNINGS, kind);
    const line = isWarning ? `${model}: ${message}` : `${model} failed, ${kind}: ${message}`;
    if (told.has(line) || told.size > TOLD_REASONS) return;
    told.add(line);
    say(
      told.size > TOLD_REASONS
        ? `more ${kind} ${isWarning ? 'warnings' : 'failures'} are counted only`
        : line,
    );
  };
}
