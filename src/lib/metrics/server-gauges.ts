import { readPrometheusText } from './prometheus-text.ts';
import { GAUGE_SOURCES, type GaugeSource, isRepeatingRank, type ServerGauge } from './gauge-sources.ts';

/**
 * Reads the gauges of one or more pages of a server: those that are known, summed over engines and replicas (ratios:
 * the highest). Ranks of one engine that repeat one figure count once.
 */
export function readServerGauges(...pages: readonly string[]): Map<ServerGauge, number> {
  const found = new Map<ServerGauge, number>();
  for (const page of pages) {
    for (const { source, value } of valuesOf(page)) {
      const before = found.get(source.gauge) ?? 0;
      found.set(source.gauge, source.merge === 'sum' ? before + value : Math.max(before, value));
    }
  }
  return found;
}

/** One value an engine: of its ranks the highest. */
function valuesOf(page: string): Iterable<{ source: GaugeSource; value: number }> {
  const byEngine = new Map<string, { source: GaugeSource; value: number }>();
  for (const { name, labels, value } of readPrometheusText(page, (each) => GAUGE_SOURCES.has(each))) {
    for (const source of GAUGE_SOURCES.get(name) ?? []) {
      if (source.only !== undefined && labels.get(source.only[0]) !== source.only[1]) continue;
      const key = `${source.gauge} ${name} ${engineOf(labels)}`;
      byEngine.set(key, { source, value: Math.max(byEngine.get(key)?.value ?? 0, value) });
    }
  }
  return byEngine.values();
}

/** What tells one engine's series from another's. */
function engineOf(labels: ReadonlyMap<string, string>): string {
  const own = [...labels].filter(([label]) => !isRepeatingRank(label));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}
