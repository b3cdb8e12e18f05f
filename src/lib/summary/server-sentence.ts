import { submetric } from '../metrics/submetrics.ts';
import { formatMs } from '../text/format.ts';
import type { Summary } from './summary.ts';

/**
 * What the server's own histograms say of the run's time to first token, in one sentence; null where its page has none.
 * Quantiles of parts do not add up: each is of its own.
 */
export function serverSentence({ metrics }: Pick<Summary, 'metrics'>): string | null {
  const firstTokenMs = runP95(metrics, 'ai_server_ttft_ms');
  const queueMs = runP95(metrics, 'ai_server_queue_ms');
  const clientMs = metrics['ai_ttft_ms']?.['p(95)'] ?? null;
  const said = [
    firstTokenMs === null ? null : `${formatMs(firstTokenMs)} ms to the first token`,
    queueMs === null ? null : `${formatMs(queueMs)} ms in the queue`,
  ].filter((part) => part !== null);
  if (said.length === 0) return null;
  const seen =
    clientMs === null ? '' : `of ${formatMs(clientMs)} ms to the first token at p95 as the client saw it, `;
  return `${seen}the server's own metrics page says ${said.join(', ')} (p95 of each, as fine as its buckets are)`;
}

/** k6 gives 0 for a gauge without samples, and a histogram's quantile is above 0. */
function runP95(metrics: Summary['metrics'], metric: string): number | null {
  const value = metrics[submetric(metric, { stat: 'run_p95' })]?.['value'] ?? 0;
  return value > 0 ? value : null;
}
