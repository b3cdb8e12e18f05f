import { durationMs } from '../../src/lib/parse/values.ts';

/** What k6 Cloud bills a run by, as its options tell beforehand. */
export type CloudUse = {
  /** The most VUs at any time; of an open load all that it may use, since those are what is billed. */
  maxVus: number;
  /** Planned length of the load in ms, without setup and without graceful stops. */
  durationMs: number;
  /** Virtual user hours: `maxVus` × minutes begun / 60, at least 1. */
  vuh: number;
};

/** One scenario as `k6 inspect` prints it; durations in k6's notation. */
export type InspectedScenario = {
  executor?: string;
  startTime?: string | null;
  duration?: string | null;
  maxDuration?: string | null;
  stages?: readonly { duration: string; target: number }[] | null;
  vus?: number | null;
  startVUs?: number | null;
  preAllocatedVUs?: number | null;
  maxVUs?: number | null;
};

const parseDuration = durationMs({ min: 0, max: 30 * 86_400_000, example: '2m' });

/**
 * VUh of a run: max VUs × duration in minutes, rounded up, / 60, at least 1; a browser VU would count tenfold
 * (Grafana Cloud k6, "How VUh are calculated", read 2026-11). Scenarios that follow each other share their
 * VUs, so what counts is the most at any time. A run that stops early is billed for what it ran.
 */
export function cloudUse(scenarios: Readonly<Record<string, InspectedScenario>>): CloudUse {
  const spans = Object.values(scenarios).map(spanOf);
  const maxVus = Math.max(
    0,
    ...spans.map(({ startMs }) =>
      spans
        .filter((other) => other.startMs <= startMs && startMs < other.endMs)
        .reduce((sum, other) => sum + other.vus, 0),
    ),
  );
  const endMs = Math.max(0, ...spans.map((span) => span.endMs));
  const minutes = Math.ceil(endMs / 60_000);
  return { maxVus, durationMs: endMs, vuh: Math.max(1, (maxVus * minutes) / 60) };
}

function spanOf(scenario: InspectedScenario): { startMs: number; endMs: number; vus: number } {
  const startMs = ms(scenario.startTime);
  const stages = scenario.stages ?? [];
  const length =
    stages.length > 0
      ? stages.reduce((sum, stage) => sum + ms(stage.duration), 0)
      : ms(scenario.duration ?? scenario.maxDuration);
  return { startMs, endMs: startMs + length, vus: vusOf(scenario) };
}

function vusOf(scenario: InspectedScenario): number {
  switch (scenario.executor) {
    case 'ramping-vus':
      return Math.max(scenario.startVUs ?? 0, ...(scenario.stages ?? []).map((stage) => stage.target));
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return Math.max(scenario.maxVUs ?? 0, scenario.preAllocatedVUs ?? 0);
    default:
      return scenario.vus ?? 1;
  }
}

function ms(text: string | null | undefined): number {
  return text === null || text === undefined ? 0 : parseDuration(text, 'k6 inspect');
}
