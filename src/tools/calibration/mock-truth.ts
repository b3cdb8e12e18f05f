import { isRecord } from '../../lib/parse/json.ts';
import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import { fetchDirect } from '../http1/fetch-direct.ts';

/** What a mock wrote, by its own clock. */
export type MockTruth = {
  streams: number;
  maxOpen: number;
  ttftMeanMs: number;
  ttftP99Ms: number;
  tpotMeanMs: number;
};

/** Of whole streams of more than one token; null where there was none. */
export async function mockTruth(url: string): Promise<MockTruth | null> {
  const response = await fetchDirect(`${new URL(url).origin}/__truth?requests=1`, { setting: 'mock' });
  const truth: unknown = await response.json();
  const records: readonly unknown[] =
    isRecord(truth) && Array.isArray(truth['requestRecords']) ? truth['requestRecords'] : [];
  const streams = records.flatMap((record) => timesOf(record) ?? []);
  const p99 = quantile(sortSamples(streams.map(({ ttftMs }) => ttftMs)), 0.99);
  if (p99 === null) return null;
  const maxOpen = isRecord(truth) ? truth['maxConcurrent'] : null;
  return {
    streams: streams.length,
    maxOpen: typeof maxOpen === 'number' ? maxOpen : 0,
    ttftMeanMs: meanOf(streams.map(({ ttftMs }) => ttftMs)),
    ttftP99Ms: p99,
    tpotMeanMs: meanOf(streams.map(({ tpotMs }) => tpotMs)),
  };
}

/** From a request's arrival to the write of its first token, and from there to its last. */
function timesOf(record: unknown): { ttftMs: number; tpotMs: number } | null {
  if (!isRecord(record) || record['stream'] !== true || record['end'] !== 'whole') return null;
  const { arrivalMs, firstWriteAtMs, lastTokenAtMs, tokensWritten } = record;
  if (
    typeof arrivalMs !== 'number' ||
    typeof firstWriteAtMs !== 'number' ||
    typeof lastTokenAtMs !== 'number' ||
    typeof tokensWritten !== 'number' ||
    tokensWritten < 2
  )
    return null;
  return {
    ttftMs: firstWriteAtMs - arrivalMs,
    tpotMs: (lastTokenAtMs - firstWriteAtMs) / (tokensWritten - 1),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
