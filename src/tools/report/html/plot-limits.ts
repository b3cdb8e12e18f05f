import { parseSlo } from '../../../lib/figures/slo.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { parseExpression } from '../../../lib/thresholds/expression.ts';
import type { PlotLimit } from './plot-spec.ts';

const SLO_METRICS = {
  ttft: 'ai_ttft_ms',
  ttfo: 'ai_ttfo_ms',
  tpot: 'ai_tpot_ms',
  latency: 'ai_latency_ms',
} as const;

/** What a run holds a Trend against: its thresholds on percentiles and means, and the SLO of its goodput. */
export function limitsOf({ thresholds, slo }: Summary, metric: string): PlotLimit[] {
  const judged = thresholds.flatMap((threshold) => {
    const read = threshold.metric === metric ? parseExpression(threshold.expression) : null;
    const isUpper = read?.comparison === '<' || read?.comparison === '<=';
    const isTypical = read !== null && ['percentile', 'avg', 'med'].includes(read.statistic.kind);
    return isUpper && isTypical ? [{ value: read.limit, label: threshold.expression }] : [];
  });
  const good = slo.judged.flatMap((term) => parseSlo(term, 'LLM_SLO'));
  const terms = good.filter(({ figure }) => SLO_METRICS[figure] === metric);
  return [...judged, ...terms.map(({ limitMs }) => ({ value: limitMs, label: `SLO ${limitMs} ms` }))];
}
