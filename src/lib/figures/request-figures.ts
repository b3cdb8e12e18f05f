import type { Kind } from '../kinds/kind.ts';
import type { Attempt } from '../answer/attempt.ts';

/** What a finished request is judged by and counted with. null: unknown, or not defined. Never set on failures. */
export type RequestFigures = {
  /** Request issued → last content event, or the end of the body where no event has a time. */
  latencyMs: number | null;
  ttftMs: number | null;
  ttfoMs: number | null;
  tpotMs: number | null;
  /** Output tokens of this request over its latency. */
  tokensPerSec: number | null;
  /** Input tokens over latency, of a request that is answered with no text. */
  inputTokensPerSec: number | null;
};

const NO_FIGURES: RequestFigures = {
  latencyMs: null,
  ttftMs: null,
  ttfoMs: null,
  tpotMs: null,
  tokensPerSec: null,
  inputTokensPerSec: null,
};

/**
 * The figures of a request. Latency exists on `ok` alone; a stream that a proxy held back has no TTFT and no TPOT, and
 * one whose tokens are not those that were seen to arrive has no pace. An answer of items is measured by what was read.
 */
export function figuresOf(attempt: Attempt, answers: Kind['answers'] = 'text'): RequestFigures {
  if (attempt.outcome.kind !== 'ok') return NO_FIGURES;
  if (answers === 'items') return itemFigures(attempt);
  const latencyMs = attempt.lastOutputMs ?? endMsOf(attempt);
  const { outputTokens } = attempt.usage;
  const hasPace = attempt.ttftMs !== null && !attempt.bufferedByProxy;
  return {
    latencyMs,
    ttftMs: hasPace ? attempt.ttftMs : null,
    ttfoMs: hasPace ? attempt.ttfoMs : null,
    tpotMs: hasPace && attempt.pace === 'seen' ? tpotMs(attempt) : null,
    tokensPerSec:
      outputTokens === null || latencyMs === null || latencyMs <= 0 || attempt.pace === 'hidden'
        ? null
        : (outputTokens * 1000) / latencyMs,
    inputTokensPerSec: null,
  };
}

function itemFigures(attempt: Attempt): RequestFigures {
  const latencyMs = endMsOf(attempt);
  const { inputTokens } = attempt.usage;
  const isKnown = inputTokens !== null && latencyMs !== null && latencyMs > 0;
  return {
    ...NO_FIGURES,
    latencyMs,
    inputTokensPerSec: isKnown ? (inputTokens * 1000) / latencyMs : null,
  };
}

/** The end of the answer; null when the connection stayed open behind it, and nobody saw when it came. */
function endMsOf({ endMs, warnings }: Attempt): number | null {
  // Most have none, and a function is made anew each time for whoever looks for one.
  if (warnings.length === 0) return endMs;
  return warnings.some(({ kind }) => kind === 'left_open') ? null : endMs;
}

/** The part of an attempt that TPOT is made of. */
type TpotInput = {
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
