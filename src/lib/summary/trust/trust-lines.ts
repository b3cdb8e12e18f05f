import type { Trust } from '../summary.ts';

/** How a reason begins that is about a shortage of samples, whatever else is the matter. */
export const TOO_FEW = 'too few samples: ';

/**
 * Doubts on a run, gravest first, each under the word for it: a shortage of samples is no fault of the load generator's.
 * None for a run that is valid.
 */
export function trustLines({ state, reasons }: Trust): { word: string; text: string }[] {
  if (state === 'valid') return [];
  const graver = reasons.filter((reason) => !reason.startsWith(TOO_FEW));
  const short = reasons
    .filter((reason) => reason.startsWith(TOO_FEW))
    .map((reason) => reason.slice(TOO_FEW.length));
  return [
    ...(graver.length === 0 ? [] : [{ word: state, text: graver.join('; ') }]),
    ...(short.length === 0 ? [] : [{ word: 'too few samples', text: short.join('; ') }]),
  ];
}
