import { isRecord } from '../parse/json.ts';
import { type ClockAhead, readClockAhead } from './clock-ahead.ts';
import { finiteOrNull } from './k6-data.ts';
import type { ForecastFigures, SideCount } from './summary.ts';

/** What `setup()` hands on. It never holds the key. */
export type SetupRecord = {
  /** ISO 8601; empty where nobody told it. */
  startedAt: string;
  /** k6's run clock at the end of setup, ms. */
  loadStartsAtMs: number;
  /** By model. */
  preflight: Readonly<Record<string, SideCount>>;
  forecast: ForecastFigures | null;
  notes: readonly string[];
  /** Why there was to be no load; null: there was. */
  stopped: string | null;
  /** Of several providers, those that failed before the load, and why. */
  failedProviders: readonly FailedProvider[];
  /** Of this machine, against the target's clock; null where the target told none, or was not asked. */
  clockAhead: ClockAhead | null;
};

export type FailedProvider = { name: string; reason: string };

/** Reads what came back of it through k6. It cannot throw; null when setup did not end. */
export function readSetup(data: Readonly<Record<string, unknown>> | null): SetupRecord | null {
  const record = data?.['record'];
  if (!isRecord(record)) return null;
  const loadStartsAtMs = finiteOrNull(record['loadStartsAtMs']);
  if (loadStartsAtMs === null) return null;
  const { startedAt, preflight, notes } = record;
  return {
    startedAt: typeof startedAt === 'string' ? startedAt : '',
    loadStartsAtMs,
    preflight: Object.fromEntries(
      Object.entries(isRecord(preflight) ? preflight : {}).map(([model, side]) => [model, readSide(side)]),
    ),
    forecast: readForecast(record['forecast']),
    stopped: typeof record['stopped'] === 'string' ? record['stopped'] : null,
    notes: Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : [],
    failedProviders: readFailed(record['failedProviders']),
    clockAhead: readClockAhead(record['clockAhead']),
  };
}

function readFailed(value: unknown): FailedProvider[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .flatMap(({ name, reason }) =>
      typeof name === 'string' && typeof reason === 'string' ? [{ name, reason }] : [],
    );
}

function readSide(value: unknown): SideCount {
  const side = isRecord(value) ? value : {};
  return {
    requests: finiteOrNull(side['requests']) ?? 0,
    inputTokens: finiteOrNull(side['inputTokens']) ?? 0,
    outputTokens: finiteOrNull(side['outputTokens']) ?? 0,
    costUsd: finiteOrNull(side['costUsd']),
  };
}

function readForecast(value: unknown): ForecastFigures | null {
  if (!isRecord(value)) return null;
  const requests = finiteOrNull(value['requests']);
  const inputTokens = finiteOrNull(value['inputTokens']);
  const outputTokens = finiteOrNull(value['outputTokens']);
  if (requests === null || inputTokens === null || outputTokens === null) return null;
  return { requests, inputTokens, outputTokens, costUsd: finiteOrNull(value['costUsd']) };
}
