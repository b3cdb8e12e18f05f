import { type Dimensions, submetric } from '../metrics/submetrics.ts';
import { countOf, type K6Data } from './k6-data.ts';
import type { SessionsSummary, TurnFigures } from './summary.ts';
import { rateOf, statsOf } from './totals.ts';

/** Figures by place in the conversation; null where every request stood by itself. */
export function turnsOf(data: K6Data, turns: readonly string[]): TurnFigures[] | null {
  if (turns.length === 0) return null;
  return turns.map((turn) => {
    const key = (metric: string): string => submetric(metric, { turn });
    const inputTokens = countOf(data, key('ai_input_tokens'));
    const cachedInputTokens = countOf(data, key('ai_cached_tokens'));
    return {
      turn,
      requests: countOf(data, key('ai_requests_finished')),
      succeeded: countOf(data, key('ai_requests_succeeded')),
      errorRatio: rateOf(data, key('error_rate')),
      latencyMs: statsOf(data, key('ai_latency_ms')),
      ttftMs: statsOf(data, key('ai_ttft_ms')),
      inputTokens,
      cachedInputTokens,
      outputTokens: countOf(data, key('ai_output_tokens')),
      cachedRatio: inputTokens === 0 ? null : cachedInputTokens / inputTokens,
    };
  });
}

/** How sessions ended; null where none were sent. */
export function sessionsOf(data: K6Data, { hasSessions }: Dimensions): SessionsSummary | null {
  if (!hasSessions) return null;
  const ended = (end: string): number => countOf(data, submetric('ai_sessions', { end }));
  return {
    complete: ended('complete'),
    broken: ended('broken'),
    durationMs: statsOf(data, 'ai_session_ms'),
  };
}
