/** The part of an attempt that TPOT is made of. */
export type TpotInput = {
  ttftMs: number | null;
  lastOutputMs: number | null;
  usage: { outputTokens: number | null };
};

/**
 * Time per output token in ms: (last content event - first) / (output tokens - 1). null below two tokens, with
 * unknown tokens, or when all output came at one moment: there is then no pace to speak of. Usage, finish and
 * [DONE] events after the last content do not enter.
 */
export function tpotMs({ ttftMs, lastOutputMs, usage: { outputTokens } }: TpotInput): number | null {
  if (ttftMs === null || lastOutputMs === null || outputTokens === null || outputTokens < 2) return null;
  const spreadMs = lastOutputMs - ttftMs;
  return spreadMs > 0 ? spreadMs / (outputTokens - 1) : null;
}
