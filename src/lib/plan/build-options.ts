import { setupTimeoutMs } from './setup-times.ts';
import { cloudOptions } from '../settings/cloud-options.ts';
import type { Settings } from '../settings/settings.ts';
import { formatDuration } from '../parse/values.ts';
import { SPENT_METRIC } from '../metrics/metric-list.ts';
import { executorOf, type PlannedPart } from './planned-parts.ts';
import { type Dimensions, submetricsFor } from '../metrics/submetrics.ts';

export type Threshold = string | { threshold: string; abortOnFail?: boolean; delayAbortEval?: string };

export type OptionsInput = {
  /** The scenario's name. */
  name: string;
  settings: Settings;
  parts: readonly PlannedPart[];
  dimensions: Dimensions;
  /** Compiled and checked. */
  thresholds: Readonly<Record<string, readonly Threshold[]>>;
  /** What the thresholds that are judged elsewhere take beside what every summary has. */
  percentiles: readonly string[];
  /** Compared by setup with the settings of the moment: `k6 archive` freezes options. */
  optionsDigest: string;
};

/** What a summary needs of each Trend; k6's default leaves p(99) and count out. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'];

/** Name of the environment variable of each k6 scenario that holds the digest. */
export const DIGEST_VARIABLE = 'LLM_OPTIONS_DIGEST';

/** k6's `options` for a run. */
export function buildOptions(input: OptionsInput): Record<string, unknown> {
  const { settings, parts, optionsDigest } = input;
  const scenarios = parts.map((part) => [part.name, scenarioOf(part, { settings, optionsDigest })] as const);
  return {
    scenarios: { ...Object.fromEntries(scenarios), ...scrapeScenario(settings, parts) },
    thresholds: thresholdsOf(input),
    summaryTrendStats: [...new Set([...TREND_STATS, ...input.percentiles])],
    setupTimeout: formatDuration(setupTimeoutMs(settings)),
    cloud: cloudOptions(settings.cloud, input.name),
    userAgent: 'k6-llm (https://k6.io)',
  };
}

/** One VU beside the load that looks at the server's own metrics page, for as long as the load's length is known. */
function scrapeScenario({ metricsUrls }: Settings, parts: readonly PlannedPart[]): Record<string, unknown> {
  const endMs = Math.max(
    0,
    ...parts.map(({ zeroMs, lengthMs }) => (lengthMs === null ? 0 : zeroMs + lengthMs)),
  );
  if (metricsUrls.length === 0 || endMs === 0) return {};
  return {
    scrape: {
      executor: 'constant-vus',
      vus: 1,
      duration: formatDuration(Math.ceil(endMs)),
      exec: 'scrape',
      gracefulStop: '5s',
    },
  };
}

function scenarioOf(
  part: PlannedPart,
  { settings, optionsDigest }: { settings: Settings; optionsDigest: string },
): Record<string, unknown> {
  return {
    ...executorOf(part, settings),
    ...(part.startMs > 0 ? { startTime: formatDuration(part.startMs) } : {}),
    tags: {
      test_type: part.name,
      provider: settings.provider.name,
      stream: String(settings.stream),
      phase: 'main',
    },
    env: { [DIGEST_VARIABLE]: optionsDigest },
  };
}

/** The judged thresholds, the submetrics that the summary reads (an empty list judges nothing), the budget. */
function thresholdsOf({
  settings,
  dimensions,
  thresholds,
}: OptionsInput): Record<string, readonly Threshold[]> {
  const declared = Object.fromEntries(submetricsFor(dimensions).map((key) => [key, []]));
  const budget: Record<string, readonly Threshold[]> =
    settings.budgetUsd === null
      ? {}
      : { [SPENT_METRIC]: [{ threshold: `count<=${settings.budgetUsd}`, abortOnFail: true }] };
  return { ...declared, ...thresholds, ...budget };
}
