import { isOfLoadStart } from '../plan/load-starts.ts';
import { isRecord } from '../parse/json.ts';
import { ownValue } from '../parse/own-value.ts';

/** What k6 hands to `handleSummary`, read so that nothing in it can be missing or of a wrong type. */
export type K6Data = {
  /** k6's own values by metric or submetric; null where k6 gave no finite number. */
  metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  thresholds: readonly { metric: string; expression: string; ok: boolean }[];
  /** The whole run, with setup and teardown, ms. */
  runDurationMs: number | null;
  /** What `setup()` returned; null when it did not end. */
  setupData: Readonly<Record<string, unknown>> | null;
  /** False for k6's new machine-readable summary, which holds neither thresholds nor p(99). */
  isLegacyShape: boolean;
};

/** Reads `handleSummary`'s argument. It cannot throw: what is not as expected is left out. */
export function readK6Data(data: unknown): K6Data {
  const root = isRecord(data) ? data : {};
  const metrics: [string, Record<string, number | null>][] = [];
  const thresholds: { metric: string; expression: string; ok: boolean }[] = [];
  const given = root['metrics'];
  // k6's key order is random from run to run.
  for (const [name, metric] of sortedEntries(given)) {
    // Those that only end the run say once more what the step's own say.
    if (!isRecord(metric) || isOfLoadStart(name)) continue;
    metrics.push([name, readValues(metric['values'])]);
    for (const [expression, result] of sortedEntries(metric['thresholds'])) {
      thresholds.push({ metric: name, expression, ok: isRecord(result) && result['ok'] === true });
    }
  }
  const state = isRecord(root['state']) ? root['state'] : {};
  const setupData = root['setup_data'];
  return {
    metrics: Object.fromEntries(metrics),
    thresholds,
    runDurationMs: finiteOrNull(state['testRunDurationMs']),
    setupData: isRecord(setupData) ? setupData : null,
    isLegacyShape: isRecord(given),
  };
}

/** A metric's value, null when the metric or the value is not there. */
export function valueOf(data: K6Data, metric: string, stat: string): number | null {
  return ownValue(data.metrics, metric)?.[stat] ?? null;
}

/** A Counter's sum; 0 when it got no sample, as k6 leaves such a metric out. */
export function countOf(data: K6Data, metric: string): number {
  return valueOf(data, metric, 'count') ?? 0;
}

/** A finite number, or null. */
export function finiteOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A Trend without samples has no values, whatever k6 says: it gives 0 for each. */
function readValues(values: unknown): Record<string, number | null> {
  const isEmptyTrend = isRecord(values) && isNothingOfTrend(values);
  return Object.fromEntries(
    sortedEntries(values).map(([stat, value]) => [
      stat,
      isEmptyTrend && stat !== 'count' ? null : finiteOrNull(value),
    ]),
  );
}

/** Without a count, all zeros are nothing as well: no time is 0. */
function isNothingOfTrend(values: Readonly<Record<string, unknown>>): boolean {
  if ('count' in values) return values['count'] === 0 && 'avg' in values;
  const stats = Object.entries(values).filter(([stat]) => /^(avg|min|med|max|p\(.*\))$/.test(stat));
  const isTrend = stats.length > 0 && !('value' in values) && !('passes' in values);
  return isTrend && stats.every(([, value]) => value === 0);
}

function sortedEntries(value: unknown): [string, unknown][] {
  if (!isRecord(value)) return [];
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
