import { createSyntheticTexts } from '../../../prompts/synthetic-texts.ts';
import type { Message } from '../../../request/message.ts';
import { lengthCorrection, tokenError, type TokenError } from '../../../prompts/estimate-tokens.ts';
import type { Attempt } from '../../../answer/attempt.ts';

/** Two lengths, so that what a chat template adds to each cancels out. */
const SHORTER_TOKENS = 40;
const LONGER_TOKENS = 240;

/** How lengths that are wanted must be changed so that the server counts them right. */
export type Calibration = { correctionRatio: number; note: string | null };

/**
 * Asks the server how it counts two synthetic prompts: words are tokens for most tokenizers, and this finds out
 * for this one.
 *
 * @param ask sends a prompt.
 */
export function calibrateLengths(
  seed: number,
  ask: (messages: readonly Message[]) => Pick<Attempt, 'outcome' | 'usage'>,
): Calibration {
  const texts = createSyntheticTexts(`${seed} calibration`);
  let failed: string | null = null;
  const errorAt = (tokens: number, turn: number): TokenError | null => {
    const content = texts.text({ requestIndex: 0, turn }, tokens);
    const { outcome, usage } = ask([{ role: 'user', content }]);
    if (outcome.kind === 'failed')
      failed ??= `a prompt of ${tokens} tokens failed, ${outcome.error}: ${outcome.message}`;
    return tokenError(tokens, usage.inputTokens);
  };
  const shorter = errorAt(SHORTER_TOKENS, 1);
  const longer = errorAt(LONGER_TOKENS, 2);
  if (shorter === null || longer === null) {
    const why = failed ?? 'the server reported no token counts';
    return { correctionRatio: 1, note: `${why}; so prompt lengths are estimates` };
  }
  const correctionRatio = lengthCorrection(shorter, longer);
  const percent = ((1 / correctionRatio - 1) * 100).toFixed(1);
  return {
    correctionRatio,
    note: `prompt lengths: this server counts ${percent} % more tokens than words, so prompts are made ${correctionRatio.toFixed(3)} times as long`,
  };
}
