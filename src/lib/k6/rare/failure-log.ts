import exec from 'k6/execution';
import type { ErrorKind, Failure } from '../../answer/attempt.ts';

/** VUs know nothing of each other, so only the first few tell: of a thousand, each would tell the same. */
const TELLING_VUS = 3;

/** One VU has one of these modules. */
const told = new Set<ErrorKind>();

/** Tells the first failure of each kind in the log; the others are counted. */
export function logFailure(model: string, { error, message }: Failure): void {
  if (told.has(error)) return;
  told.add(error);
  if (exec.vu.idInTest <= TELLING_VUS) {
    console.warn(`${model} failed, ${error}: ${message} (later ones of this kind are counted only)`);
  }
}
