import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../../test/support/temporary-folder.ts';
import { encodeSample } from '../../../lib/samples/sample.ts';
import { encodeHeader } from '../../../lib/samples/sample-header.ts';
import { decodeFigures, encodeFigures } from '../figures/encode-figures.ts';
import { madeHeader, madeRecord } from '../made-samples.ts';
import { openInput } from './open-input.ts';
import type { RunData } from './run-data.ts';
import { Figures, NOWHERE, OTHERS } from '../figures/figures.ts';

async function read(name: string, lines: readonly string[]): Promise<RunData> {
  const folder = folderOfTest('hostile');
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [run] = await openInput(file);
  return run!;
}

const GOOD = Array.from({ length: 10 }, (_, at) => encodeSample(madeRecord({ atMs: 1000 + at * 100 })));
const HEADER = encodeHeader(madeHeader());

/** The sample with each of its numbers in turn replaced. */
function withEachNumber(text: string): string[] {
  const cells = JSON.parse(GOOD[0] ?? '[]') as unknown[];
  return cells.flatMap((cell, index) =>
    typeof cell !== 'number' || cell === 1 || cell === 0
      ? []
      : [`[${cells.map((other, at) => (at === index ? text : JSON.stringify(other))).join(',')}]`],
  );
}

describe('lines that no request wrote are skipped and counted, and stop nothing', () => {
  test.each(['1e400', '-1e400', '1e308', '1e13'])('values of %s', async (text) => {
    const bad = withEachNumber(text);
    expect(bad.length).toBeGreaterThan(5);
    const gauges = [`["llm-g1",${text},"vllm:x",1]`, `["llm-g1",1,"vllm:x",${text}]`];
    const { summary, skipped } = await read('s.jsonl', [HEADER, ...GOOD, ...bad, ...gauges]);
    expect(skipped).toMatchObject({ broken: bad.length + gauges.length, foreign: 0 });
    expect(summary.totals).toMatchObject({ requestsFinished: 10, inputTokens: 500, outputTokens: 600 });
    expect(summary.totals.costUsd).toBeCloseTo(0.01, 9);
    expect(summary.durationMs).toBeLessThan(10_000);
    expect(summary.notes.join()).toContain(`${bad.length + gauges.length} lines were skipped`);
  });

  test('a header, a line of two megabytes, values of k6', async () => {
    const header = HEADER.replace(/"loadStartsAtMs":\d+/, '"loadStartsAtMs":1e400');
    const long = `["llm-s2",${'1,'.repeat(1 << 20)}1]`;
    const { summary, skipped } = await read('s.jsonl', [header, ...GOOD, long]);
    expect([summary.totals.requestsFinished, skipped?.broken]).toEqual([10, 2]);
    const point = (value: string, time: string): string =>
      `{"metric":"ai_latency_ms","type":"Point","data":{"time":"${time}","value":${value},"tags":{"model":"m"}}}`;
    const now = '2026-11-25T00:00:00Z';
    const points = [
      point('5', now),
      point('1e400', now),
      point('1e308', now),
      point('5', '9999-01-01T00:00:00Z'),
    ];
    const k6 = await read('k6.json', points);
    expect(k6.skipped).toMatchObject({ broken: 3 });
    expect(k6.figures?.trend('ai_latency_ms').count).toBe(1);
  });
});

test('names without number are counted together', async () => {
  const lines = Array.from({ length: 150 }, (_, at) =>
    encodeSample(madeRecord({ model: `m${at}`, provider: `p${at}`, testType: 't' })),
  );
  const { summary, figures } = await read('s.jsonl', [HEADER, ...lines]);
  expect(Object.keys(summary.models)).toHaveLength(101);
  expect(summary.models['(others)']).toMatchObject({ requestsFinished: 50 });
  expect(summary.totals.requestsFinished).toBe(150);
  expect(summary.notes.join()).toContain('the others are counted together as (others)');
  const again = decodeFigures(encodeFigures(figures!));
  expect(again.partNames('model')).toHaveLength(101);
  const merged = new Figures();
  merged.merge(again);
  merged.merge((await read('s.jsonl', [HEADER, encodeSample(madeRecord({ model: 'new' }))])).figures!);
  expect(merged.partNames('model')).toHaveLength(101);
  expect(merged.total('ai_requests_finished')).toBe(151);
});

test('windows without number are counted together', () => {
  const figures = new Figures();
  for (let at = 0; at < 1500; at++) {
    figures.add({
      name: 'ai_inputs',
      type: 'counter',
      value: 1,
      offsetMs: 0,
      place: { ...NOWHERE, window: `w${at}` },
    });
  }
  expect(figures.partNames('window')).toHaveLength(1001);
  expect(figures.only('window', OTHERS).total('ai_inputs')).toBe(500);
});

test('metrics without number are rejected', () => {
  const figures = new Figures();
  for (let at = 0; at < 2000; at++) {
    figures.add({ name: `g${at}`, type: 'gauge', value: 1, offsetMs: 0, place: NOWHERE });
  }
  expect([figures.metrics.size, figures.rejected]).toEqual([1000, 1000]);
});

test("a summary's histograms may name no moment that no run has", () => {
  const figures = new Figures();
  figures.add({ name: 'ai_latency_ms', type: 'trend', value: 5, offsetMs: 0, place: NOWHERE });
  const encoded = encodeFigures(figures);
  const [series] = Object.values(encoded.metrics);
  for (const moment of ['1e15', '-1000', 'x']) {
    const metrics = { ai_latency_ms: { ...series, [`slice:${moment}`]: '0' } };
    expect(() => decodeFigures({ ...encoded, metrics })).toThrow(/a slice ".*" that no run has/);
  }
});
