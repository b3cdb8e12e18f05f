import type { MetricType } from '../metrics/metric-list.ts';
import type { Threshold } from '../plan/build-options.ts';
import { checkedThreshold } from './checked-threshold.ts';
import { parseExpression } from './expression.ts';

/** Holds for a Trend with a sample above 0: k6 passes a threshold that got no sample. */
const HAS_SAMPLE = 'max>0';
/** Says the same of no Trend at all: whoever writes it wants no guard. */
const NO_GUARD = 'max>=0';

/**
 * Thresholds on a metric of the scenario's own: k6 alone knows its type, and whether it is there. What stands before
 * the comparison tells enough to check the rest, and to guard a Trend.
 */
export function ownThresholds(thresholds: readonly Threshold[], place: string): Threshold[] {
  const list = thresholds.map((threshold) => checkedThreshold(threshold, typeOf(threshold), place));
  const texts = list.map((one) => textOf(one).replace(/\s/g, ''));
  const isTrend = list.some((one) => typeOf(one) === 'trend');
  const isGuarded = texts.includes(HAS_SAMPLE) || texts.includes(NO_GUARD);
  return isTrend && !isGuarded ? [...list, HAS_SAMPLE] : list;
}

function typeOf(threshold: Threshold): MetricType {
  const expression = parseExpression(textOf(threshold));
  switch (expression?.statistic.kind) {
    case 'count':
      return 'counter';
    case 'rate':
      return expression.limit > 1 ? 'counter' : 'rate';
    case 'value':
      return 'gauge';
    default:
      return 'trend';
  }
}

function textOf(threshold: Threshold): string {
  return typeof threshold === 'string' ? threshold : threshold.threshold;
}
