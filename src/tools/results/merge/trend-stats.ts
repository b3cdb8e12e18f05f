import { buildSummary } from '../../../lib/summary/build-summary.ts';
import { valuesOfStats } from '../../../lib/summary/stats-of-values.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { Histogram, statsFrom } from '../figures/histogram.ts';
import { contextOfPart, setupOfPart } from './part-context.ts';
import type { RunData } from '../read/run-data.ts';
import type { Figures } from '../figures/figures.ts';
import { thresholdCell } from '../figures/threshold-value.ts';

/**
 * A run's summary with what its samples know of each Trend, where k6 was told to leave that out (`--summary-trend-stats`):
 * k6's own values stay as they are.
 */
export function withTrendStats(run: RunData): Summary {
  const { summary, figures } = run;
  const latency = summary.metrics['ai_latency_ms'];
  if (figures === null || latency === undefined || Object.hasOwn(latency, 'count')) return summary;
  const data = {
    metrics: Object.fromEntries(
      Object.entries(summary.metrics).map(([name, values]) => [
        name,
        { values: filled(name, values, figures), thresholds: {} },
      ]),
    ),
    state: { testRunDurationMs: summary.durationMs },
    setup_data: { record: setupOfPart(summary) },
  };
  const { metrics, models, testTypes, providers, steps, turns, sessions, recovery, load } = buildSummary(
    data,
    contextOfPart(run),
  );
  return { ...summary, metrics, models, testTypes, providers, steps, turns, sessions, recovery, load };
}

function filled(
  name: string,
  values: Summary['metrics'][string],
  figures: Figures,
): Record<string, number | null> {
  const cell = thresholdCell(figures, name);
  if (!(cell instanceof Histogram)) return values;
  const known = Object.entries(values).filter(([, value]) => value !== null);
  return { ...valuesOfStats(statsFrom(cell)), ...Object.fromEntries(known) };
}
