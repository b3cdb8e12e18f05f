import { describe, expect, test } from 'vitest';
import { encodeSample } from './sample.ts';
import { isSampleLine, parseSample } from './parse-sample.ts';
import { SAMPLE_FIELDS, type SampleRecord } from './sample-fields.ts';
import { encodeGauge, encodeHeader, parseGauge, parseHeader, type SampleHeader } from './sample-header.ts';

const STREAMED: SampleRecord = {
  atMs: 1234.5,
  testType: 'baseline',
  model: '<script>alert("1")</script>\n,',
  provider: 'mock',
  phase: 'main',
  stream: true,
  status: 200,
  outcome: 'ok',
  ttfbMs: 1,
  ttftMs: 2.5,
  ttfoMs: 3,
  tpotMs: 10.125,
  stallMs: 40,
  latencyMs: 640,
  endMs: 641,
  lagMs: 0.25,
  inputTokens: 50,
  cachedInputTokens: 10,
  outputTokens: 64,
  reasoningTokens: 0,
  costUsd: 0.00012345,
  reportedCostUsd: 0.0002,
  chunks: 64,
  retry: 1,
  good: true,
  retryAfterMs: 1000,
  vus: 7,
  pair: 3,
  turn: '2',
  window: 'after-10',
  step: '4',
  reported: { proxy: 3.25, queue: 640, token: 20 },
  warnings: ['unknown_finish', 'held_back'],
  unknownFinish: 'wibble',
  uncharged: 'unpriced',
  pauseMs: 500.5,
  sinceFirstMs: 1500.25,
  connectMs: 0.5,
  hopMs: 1.5,
  sessionEnd: 'complete',
  sessionMs: 4000.5,
  kind: 'embeddings',
  inputs: 4,
};

const FAILED: SampleRecord = {
  ...STREAMED,
  phase: 'warmup',
  stream: false,
  status: 0,
  outcome: 'timeout',
  ttfbMs: null,
  ttftMs: null,
  latencyMs: null,
  costUsd: null,
  good: false,
  vus: null,
  pair: null,
  turn: null,
  window: null,
  step: null,
  reported: null,
};

function cellsOf(record: SampleRecord): readonly unknown[] {
  const cells: unknown = JSON.parse(encodeSample(record));
  return Array.isArray(cells) ? cells : [];
}

describe('a sample line', () => {
  test.each([
    ['a streamed success', STREAMED],
    ['a failure in warm-up', FAILED],
    ['one that was not judged', { ...FAILED, good: null }],
  ])('comes back as it went: %s', (_, record) => {
    const line = encodeSample(record);
    expect(line).not.toContain('\n');
    expect(parseSample(line)).toEqual(record);
  });

  test('has its cells in the order of the table, each once', () => {
    for (const [index, [name, kind]] of SAMPLE_FIELDS.entries()) {
      const base = { ...STREAMED, warnings: [] };
      const before = cellsOf(base);
      const changed = {
        time: 7.25,
        ms: 7.25,
        number: 7777,
        count: 7777,
        name: 'x',
        label: 'x',
        flag: false,
        verdict: null,
        parts: { queue: 1 },
        warnings: ['held_back'],
        phase: 'warmup',
        outcome: 'network',
        uncharged: 'usage_missing',
      };
      const value = changed[kind];
      const after = cellsOf({ ...base, [name]: value });
      const differing = after.flatMap((cell, place) =>
        JSON.stringify(cell) === JSON.stringify(before[place]) ? [] : [place],
      );
      expect(differing, name).toEqual([index + 1]);
    }
    expect(cellsOf(STREAMED)).toHaveLength(SAMPLE_FIELDS.length + 1);
  });

  test('is read though a later version wrote more behind it', () => {
    expect(parseSample(JSON.stringify([...cellsOf(STREAMED), 'more']))).toEqual(STREAMED);
  });

  test('written before there were more fields is still a sample', () => {
    const old = JSON.stringify(cellsOf(FAILED).slice(0, 1 + 31));
    expect(parseSample(old)).toEqual({
      ...FAILED,
      sessionEnd: null,
      sessionMs: null,
      kind: null,
      inputs: null,
      reported: null,
      warnings: [],
      unknownFinish: null,
      uncharged: null,
      pauseMs: null,
      sinceFirstMs: 0,
      connectMs: null,
      hopMs: null,
    });
  });

  test('rounds times to the microsecond and turns what is not finite into unknown', () => {
    const line = encodeSample({ ...STREAMED, latencyMs: 1.23456789, ttftMs: Number.NaN, ttfbMs: Infinity });
    expect(parseSample(line)).toMatchObject({ latencyMs: 1.235, ttftMs: null, ttfbMs: null });
  });

  test('cut at any place is no sample', () => {
    const line = encodeSample(STREAMED);
    for (let length = 0; length < line.length; length += 1) {
      expect(parseSample(line.slice(0, length))).toBeNull();
    }
  });

  test.each([
    ['', 'nothing'],
    ['time="2026-01-01" level=info msg="hello"', 'a log line'],
    ['["llm-s2"]', 'no fields'],
    ['["llm-s2",{}]', 'other fields'],
    ['{"type":"Point"}', 'a line of the JSON output'],
    [encodeSample(STREAMED).replace('"ok"', '"no such kind"'), 'an unknown outcome'],
  ])('is told from %s', (line) => {
    expect(parseSample(line)).toBeNull();
  });

  test('half-written is still seen as one of ours', () => {
    expect(isSampleLine(encodeSample(STREAMED).slice(0, 20))).toBe(true);
    expect(isSampleLine('hello')).toBe(false);
  });
});

describe('header and gauge lines', () => {
  const header: SampleHeader = {
    version: '0.1.0',
    scenario: 'stress',
    zeroWallClockMs: 1_700_000_000_000,
    loadStartsAtMs: 120.5,
    mix: 'gpt-4.1=70,deepseek-v3.2=30',
    seed: 42,
    segment: '0:1/2',
    stages: [
      {
        testType: 'stress',
        unit: 'ratePerSec',
        points: [
          [0, 1],
          [120_000, 20],
        ],
      },
    ],
    thresholds: [{ metric: 'ai_latency_ms', expression: 'p(95)<5000' }],
    facts: { context: {}, setup: {} },
  };

  test('come back as they went', () => {
    expect(parseHeader(encodeHeader(header))).toEqual(header);
    expect(encodeHeader(header)).toContain('"fields":["atMs","testType",');
    const gauge = { atMs: 5, name: 'vllm:num_requests_running', value: 3 };
    expect(parseGauge(encodeGauge(gauge))).toEqual(gauge);
  });

  test('are told from samples and from broken lines', () => {
    expect(parseHeader(encodeSample(STREAMED))).toBeNull();
    expect(parseHeader('["llm-h1",{')).toBeNull();
    expect(parseHeader('["llm-h1",3]')).toBeNull();
    expect(parseGauge('["llm-g1",1,"x"]')).toBeNull();
    expect(parseSample(encodeHeader(header))).toBeNull();
  });
});
