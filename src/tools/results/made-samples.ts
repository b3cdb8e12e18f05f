import { encodeSample } from '../../lib/samples/sample.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { encodeHeader, type SampleHeader } from '../../lib/samples/sample-header.ts';

/** Records made up for tests and benches: one successful blocking request, changed as asked. */
export function madeRecord(change: Partial<SampleRecord>): SampleRecord {
  return {
    atMs: 1000,
    testType: 'baseline',
    model: 'a',
    provider: 'mock',
    phase: 'main',
    stream: false,
    status: 200,
    outcome: 'ok',
    ttfbMs: null,
    ttftMs: null,
    ttfoMs: null,
    tpotMs: null,
    stallMs: null,
    latencyMs: 100,
    endMs: 100,
    lagMs: null,
    inputTokens: 50,
    cachedInputTokens: 0,
    outputTokens: 60,
    reasoningTokens: 0,
    costUsd: 0.001,
    reportedCostUsd: null,
    reported: null,
    chunks: 0,
    retry: 0,
    good: true,
    retryAfterMs: null,
    vus: 5,
    pair: null,
    turn: null,
    window: null,
    step: null,
    warnings: [],
    unknownFinish: null,
    uncharged: null,
    pauseMs: null,
    sinceFirstMs: 0,
    connectMs: null,
    hopMs: null,
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
    ...change,
  };
}

/** A whole samples file: header, then one line a record. */
export function samplesText(records: readonly SampleRecord[], header: SampleHeader = madeHeader()): string {
  return [encodeHeader(header), ...records.map(encodeSample), ''].join('\n');
}
