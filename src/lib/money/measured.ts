import { sum } from '../numbers/mean.ts';
import type { LatencyGuess } from './forecast.ts';

/** What one small answer before the load told of a model. */
export type Measured = {
  /** The prompt's tokens, estimated and as the server counts them; null where it told none. */
  estimatedTokens: number;
  reportedTokens: number | null;
  latencyMs: number;
  /** null: not told. */
  outputTokens: number | null;
};

/** Input tokens for one that is estimated: as the server counts, and within which bounds. */
export type TokenRatio = { likely: number; least: number; most: number };

/** Estimates are within 15 % for English, and off by up to two for other scripts and tokenizers. */
const UNMEASURED: TokenRatio = { likely: 1, least: 0.5, most: 2 };
/** Prompts of one run are alike, if not the same. */
const PROMPTS_DIFFER = 1.25;

/** A chat template adds a few tokens to a prompt of any length, so a short one tells less of long ones. */
export const TEMPLATE_TOKENS = 20;

/** How a model's server counts. */
export function tokenRatioOf(measured: Measured | undefined): TokenRatio {
  if (measured === undefined) return UNMEASURED;
  const { reportedTokens, estimatedTokens } = measured;
  if (reportedTokens === null || reportedTokens <= 0 || estimatedTokens <= 0) return UNMEASURED;
  const likely = reportedTokens / estimatedTokens;
  const least = Math.max(0, reportedTokens - TEMPLATE_TOKENS) / estimatedTokens / PROMPTS_DIFFER;
  return { likely, least, most: likely * PROMPTS_DIFFER };
}

/** Of an answer's time, the part that does not grow with its length; a guess, as a blocking answer tells none. */
const FIXED_RATIO = 0.4;
/** A first request waits for a connection and a cold server; a loaded server is slower than an idle one. */
const FASTER = 2;
const SLOWER = 2;

/**
 * How long answers may take: at least as long as the small one, at most as many times longer as they are, each
 * with a margin. Several models share the load.
 *
 * @param answers each model's share, what was measured of it, an answer's tokens and its limit.
 */
export function guessLatency(
  answers: readonly { shareRatio: number; measured: Measured; tokens: number; limit: number }[],
): LatencyGuess | null {
  const shares = sum(answers.map(({ shareRatio }) => shareRatio));
  if (shares <= 0) return null;
  const meanOf = (msOf: (answer: (typeof answers)[number], timesLonger: (n: number) => number) => number) =>
    sum(
      answers.map((answer) => {
        const told = Math.max(1, answer.measured.outputTokens ?? 1);
        return answer.shareRatio * msOf(answer, (tokens) => Math.max(1, tokens / told));
      }),
    ) / shares;
  return {
    measured: true,
    leastMs: meanOf(({ measured }) => measured.latencyMs / FASTER),
    likelyMs: meanOf(
      ({ measured, tokens }, longer) =>
        measured.latencyMs * (FIXED_RATIO + (1 - FIXED_RATIO) * longer(tokens)),
    ),
    mostMs: meanOf(({ measured, limit }, longer) => measured.latencyMs * longer(limit) * SLOWER),
  };
}
