import { ConfigError } from '../parse/config-error.ts';
import type { MetricType } from '../metrics/metric-list.ts';
import type { Threshold } from '../plan/build-options.ts';
import { checkExpression } from './check-expression.ts';

/**
 * A threshold as k6 takes it.
 *
 * @throws ConfigError for an expression that k6, or a metric of this type, does not know.
 */
export function checkedThreshold(threshold: Threshold, type: MetricType, place: string): Threshold {
  const text = typeof threshold === 'string' ? threshold : threshold.threshold;
  const reading = checkExpression(text, type);
  if (reading.kind === 'wrong') {
    throw new ConfigError({
      setting: place,
      got: text,
      expected: reading.expected,
      example: reading.example,
    });
  }
  const trimmed = text.trim();
  return typeof threshold === 'string' ? trimmed : { ...threshold, threshold: trimmed };
}
