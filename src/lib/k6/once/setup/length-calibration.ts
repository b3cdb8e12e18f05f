import { createSyntheticTexts } from '../../../prompts/synthetic-texts.ts';
import type { Message } from '../../../request/request-body.ts';
import { lengthCorrection, tokenError, type TokenError } from '../../../prompts/estimate-tokens.ts';

/** Two lengths, so that what a chat template adds to each cancels out. */
const SHORTER_TOKENS = 40;
const LONGER_TOKENS = 240;

/** How lengths that are wanted must be changed so that the server counts them right. */
export type Calibration = { correctionRatio: number; note: string | null };

/**
 * Asks the server how it counts two synthetic prompts: words are tokens for most tokenizers, and this finds out
 * for this one.
 *
 * @param countOf sends a prompt and returns the input tokens that the server reports; null when it does not.
 */
export function calibrateLengths(
  seed: number,
  countOf: (messages: readonly Message[]) => number | null,
): Calibration {
  const texts = createSyntheticTexts(`${seed} calibration`);
  const errorAt = (tokens: number, turn: number): TokenError | null => {
    const content = texts.text({ requestIndex: 0, turn }, tokens);
    return tokenError(tokens, countOf([{ role: 'user', content }]));
  };
  const shorter = errorAt(SHORTER_TOKENS, 1);
  const longer = errorAt(LONGER_TOKENS, 2);
  if (shorter === null || longer === null) {
    return {
      correctionRatio: 1,
      note: 'the server reported no token counts, so prompt lengths are estimates',
    };
  }
  const correctionRatio = lengthCorrection(shorter, longer);
  const percent = ((1 / correctionRatio - 1) * 100).toFixed(1);
  return {
    correctionRatio,
    note: `prompt lengths: this server counts ${percent} % more tokens than words, so prompts are made ${correctionRatio.toFixed(3)} times as long`,
  };
}
