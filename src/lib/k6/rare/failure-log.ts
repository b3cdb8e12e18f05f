import type { WarningKind } from '../../answer/answer-warnings.ts';
import type { ErrorKind, Failure } from '../../answer/attempt.ts';
import { encodeFailure } from '../../samples/failure-line.ts';
import { LOGS_SAMPLES } from '../engine/setting-text.ts';

/** One VU has one of these modules. */
const told = new Set<ErrorKind>();

/**
 * Tells the first failure of each kind that this VU meets; the others are counted. VUs know nothing of each other, so
 * the launcher, which hears them all, passes on the first few of a run.
 */
export function logFailure(model: string, { error, message }: Failure): void {
  if (told.has(error)) return;
  told.add(error);
  if (LOGS_SAMPLES) console.log(encodeFailure({ kind: error, model, message }));
  else console.warn(`${model} failed, ${error}: ${message}`);
}

const warned = new Set<string>();

/** Tells the first warning of each kind that this VU meets of each model; the others are counted. */
export function logWarning(model: string, kind: WarningKind, text: string): void {
  const key = `${kind} ${model}`;
  if (warned.has(key)) return;
  warned.add(key);
  if (LOGS_SAMPLES) console.log(encodeFailure({ kind, model, message: text }));
  else console.warn(`${model}: ${text}`);
}
