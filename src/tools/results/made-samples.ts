import { encodeSample } from '../../lib/samples/sample.ts';
import { parseSample } from '../../lib/samples/parse-sample.ts';
import { SAMPLE_FIELDS, SAMPLE_TYPE, type SampleRecord } from '../../lib/samples/sample-fields.ts';
import { encodeHeader, type SampleHeader } from '../../lib/samples/sample-header.ts';

/** A record in which nothing is known. */
const EMPTY = parseSample(
  JSON.stringify([
    SAMPLE_TYPE,
    ...SAMPLE_FIELDS.map(([, kind]) => (kind === 'time' ? 0 : kind === 'outcome' ? 'ok' : null)),
  ]),
);

/** Records made up for tests and benches: one successful blocking request, changed as asked. */
export function madeRecord(change: Partial<SampleRecord>): SampleRecord {
  if (EMPTY === null) throw new Error('a line of unknown values is no sample');
  return {
    ...EMPTY,
    atMs: 1000,
    testType: 'baseline',
    model: 'a',
    provider: 'mock',
    status: 200,
    latencyMs: 100,
    endMs: 100,
    inputTokens: 50,
    cachedInputTokens: 0,
    outputTokens: 60,
    reasoningTokens: 0,
    costUsd: 0.001,
    good: true,
    vus: 5,
    ...change,
  };
}

/** A header made up for tests: the load begins 500 ms into the run. */
export function madeHeader(change: Partial<SampleHeader> = {}): SampleHeader {
  return {
    version: '0.1.0',
    scenario: 'baseline',
    zeroWallClockMs: 1_700_000_000_000,
    loadStartsAtMs: 500,
    mix: 'a=70,b=30',
    seed: 42,
    segment: null,
    stages: [],
    thresholds: [],
    facts: null,
    ...change,
  };
}

/** A whole samples file: header, then one line a record. */
export function samplesText(records: readonly SampleRecord[], header: SampleHeader = madeHeader()): string {
  return [encodeHeader(header), ...records.map(encodeSample), ''].join('\n');
}
