import type { Summary } from '../../lib/summary/summary.ts';
import { formatCount } from '../../lib/text/format.ts';

/** What one stream brings, in the bench that the limit below was found with. */
const TOKENS_PER_SEC_OF_A_STREAM = 50;
/**
 * Streams of 50 tokens/s that one core carries over `sse`. A token takes 106 µs of CPU there (`npm run bench -- --only
 * streaming` with K6_SSE_BIN, k6 1.1.0, two Intel cores, 2026-11-28): of so many that come at one moment the last waits
 * 2.7 ms to be stamped, as much as a meter is late by with a thousand streams.
 */
const STREAMS_A_CORE = 25;

/**
 * That a run asked more of the `sse` transport than it carries: the meter would be truer. null: it did not, or that is
 * not known. Its average is held against the limit, so the peak of a ramp was above it for longer than this tells.
 *
 * @param cores of the machine that k6 ran on; null: not known.
 */
export function sseStrain(
  { transport, totals, durationMs }: Pick<Summary, 'transport' | 'totals' | 'durationMs'>,
  cores: number | null,
): string | null {
  if (transport !== 'sse' || cores === null || durationMs === null || durationMs <= 0) return null;
  const perSec = (totals.outputTokens * 1000) / durationMs;
  const carried = cores * STREAMS_A_CORE * TOKENS_PER_SEC_OF_A_STREAM;
  if (perSec <= carried) return null;
  return `over sse the script read ${formatCount(Math.round(perSec))} tokens a second, more than the ${formatCount(Math.round(carried))} that ${cores === 1 ? 'one core carries' : `${cores} cores carry`} (${STREAMS_A_CORE} streams a core at ${TOKENS_PER_SEC_OF_A_STREAM} tokens a second): tokens waited to be stamped, and TTFT holds that wait; the stream meter would be truer (k6-llm run --stream, with no LLM_TRANSPORT)`;
}
