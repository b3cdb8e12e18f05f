import { submetric } from '../metrics/submetrics.ts';
import type { ServerTime } from '../metrics/gauge-sources.ts';
import type { ServerStat } from '../metrics/server-stats.ts';
import { formatMs } from '../text/format.ts';
import type { Summary } from './summary.ts';

type Metrics = Summary['metrics'];

const PARTS = [
  { metric: 'ai_server_ttft_ms', where: 'to the first token' },
  { metric: 'ai_server_queue_ms', where: 'in the queue' },
] as const;

/**
 * What the server's own histograms say of the run's time to first token, in one sentence; null where its page has none.
 * Means first: they are exact, and those of parts add up. A quantile is only as fine as the histogram's buckets.
 */
export function serverSentence({ metrics }: Pick<Summary, 'metrics'>): string | null {
  const means = told(metrics, 'run_mean');
  const p95s = told(metrics, 'run_p95');
  const says = "the server's own metrics page says";
  const coarse = 'p95 of each, as fine as its buckets are';
  if (means.length === 0) return p95s.length === 0 ? null : `${says} ${p95s.join(', ')} (${coarse})`;
  const clientMs = metrics['ai_ttft_ms']?.['avg'] ?? null;
  const seen =
    clientMs === null
      ? ''
      : `of ${formatMs(clientMs)} ms to the first token on average as the client saw it, `;
  const rest = p95s.length === 0 ? '' : ` (${coarse}: ${p95s.join(', ')})`;
  return `${seen}${says} ${means.join(', ')}${rest}`;
}

function told(metrics: Metrics, stat: ServerStat): string[] {
  return PARTS.flatMap(({ metric, where }) => {
    const valueMs = timeOf(metrics, metric, stat);
    return valueMs === null ? [] : [`${formatMs(valueMs)} ms ${where}`];
  });
}

/** k6 gives 0 for a gauge without samples; of a server without a queue the mean wait is 0, and its quantile is not. */
function timeOf(metrics: Metrics, metric: ServerTime, stat: ServerStat): number | null {
  const valueOf = (which: ServerStat): number => metrics[submetric(metric, { stat: which })]?.['value'] ?? 0;
  const valueMs = valueOf(stat);
  const isNone = metric === 'ai_server_queue_ms' && stat === 'run_mean' && valueOf('run_p95') > 0;
  return valueMs > 0 || isNone ? valueMs : null;
}
