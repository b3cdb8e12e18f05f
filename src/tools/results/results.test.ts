import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJunit } from 'junit2json';
import { describe, expect, test } from 'vitest';
import { schemaProblems } from '../../../test/support/summary-schema.ts';
import { folderOfTests } from '../../../test/support/temporary-folder.ts';
import { ERROR_KINDS } from '../../lib/answer/attempt.ts';
import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { encodeSample } from '../../lib/samples/sample.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { type MadeRun, madeRequests } from '../compare/made-runs.ts';
import { finishMerged, finishRun } from './finish-run.ts';
import { madeHeader, madeRecord, samplesText } from './made-samples.ts';
import { mergeRuns } from './merge/merge-runs.ts';
import { openInput, SAMPLES_FILE } from './read/open-input.ts';
import { InputError } from './read/run-data.ts';
import { readSummary } from './read/read-summary.ts';

const root = folderOfTests('results');

const USUAL: MadeRun = { seed: 1, durationSec: 7, ratePerSec: 30, slowness: 1, memory: 0 };
const EVIL = `<script>alert(1)</script>"'&|\`,\n=cmd`;
const FILES = ['summary.json', 'summary.md', 'junit.xml', 'stats.csv', 'report.html'];

let folders = 0;
function folderOf(content: string | Buffer, name = SAMPLES_FILE): string {
  folders += 1;
  const folder = path.join(root, `run-${folders}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, name), content);
  return folder;
}

function read(folder: string, name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

/** A results folder with a summary.json, as k6 leaves it: without histograms. */
async function finished(records: readonly SampleRecord[], change: Partial<Summary> = {}): Promise<string> {
  const folder = folderOf(samplesText(records));
  const [run] = await openInput(folder);
  writeFileSync(path.join(folder, 'summary.json'), JSON.stringify({ ...run?.summary, ...change }));
  return folder;
}

describe('the results of a run', () => {
  test.each<[string, readonly SampleRecord[], string]>([
    ['many requests', madeRequests(USUAL), 'valid'],
    ['no request', [], 'nothing-measured'],
    ['one request', [madeRecord({})], 'valid'],
    [
      'one failure',
      [madeRecord({ outcome: 'timeout', status: 0, latencyMs: null, good: false })],
      'nothing-measured',
    ],
    ['warm-up alone', [madeRecord({ phase: 'warmup' })], 'valid'],
    ['a model with an evil name', [madeRecord({ model: EVIL }), madeRecord({ model: 'b' })], 'valid'],
    [
      'every kind of failure',
      ERROR_KINDS.map((outcome) => madeRecord({ outcome, latencyMs: null })),
      'nothing-measured',
    ],
  ])('of %s are written in full', async (_, records, trust) => {
    const folder = folderOf(samplesText(records));
    const { summary } = await finishRun({ resultsDir: folder });
    for (const name of FILES) expect(read(folder, name).length, name).toBeGreaterThan(100);
    expect(JSON.parse(read(folder, 'summary.json'))).toEqual(JSON.parse(JSON.stringify(summary)));
    expect(summary.trust.state).toBe(trust);
    expect(summary.totals.requestsFinished).toBe(records.length);
    expect(schemaProblems(JSON.parse(read(folder, 'summary.json')))).toEqual([]);
  });

  test('count what looked wrong in answers, and name the finish reasons that nobody knows', async () => {
    const odd = { warnings: ['unknown_finish', 'other_model'], unknownFinish: 'wibble' } as const;
    const records = [
      madeRecord(odd),
      madeRecord(odd),
      madeRecord({ warnings: ['held_back'] }),
      madeRecord({}),
    ];
    const { summary } = await finishRun({ resultsDir: folderOf(samplesText(records)) });
    expect(summary.totals).toMatchObject({
      unknownFinish: 2,
      warnings: { held_back: 1, other_model: 2 },
    });
    const notes = summary.notes.join('\n');
    expect(notes).toMatch(/2 answers: a finish reason that is not known/);
    expect(notes).toMatch(/finish reasons that are not known: wibble \(2\)/);
    expect(notes).toMatch(/1 answers: a proxy held the stream back/);
  });

  test('of samples cut off in the middle are those of the lines that are whole', async () => {
    const text = samplesText(madeRequests(USUAL));
    const folder = folderOf(text.slice(0, text.indexOf('\n', text.length / 2) - 20));
    const { summary, skipped } = await finishRun({ resultsDir: folder });
    expect(skipped).toMatchObject({ broken: 1, truncated: true });
    expect(summary.notes.join('\n')).toMatch(/1 line was skipped: half-written/);
    expect(summary.totals.requestsFinished).toBeGreaterThan(100);
  });

  test('keep what k6 said, add histograms, and tell of requests that left no line', async () => {
    const folder = await finished(madeRequests(USUAL));
    const before = await readSummary(path.join(folder, 'summary.json'));
    const lines = read(folder, SAMPLES_FILE).split('\n');
    writeFileSync(path.join(folder, SAMPLES_FILE), lines.slice(0, -11).join('\n'));
    const { summary } = await finishRun({ resultsDir: folder });
    expect(summary.totals).toEqual(before.totals);
    expect(summary.metrics).toEqual(before.metrics);
    expect(Object.keys(summary.histograms?.metrics ?? {})).toContain('ai_ttft_ms');
    expect(summary.notes.join('\n')).toMatch(/10 finished requests left no sample line/);
  });

  test('of more streams than sse carries on this machine say that the meter would be truer', async () => {
    const folder = await finished(madeRequests(USUAL), { transport: 'sse' });
    const health = { clientCpuRatio: 0.5, machineCpuRatio: null, meterLoopDelayP99Ms: null };
    const quiet = await finishRun({ resultsDir: folder, health: { ...health, cores: 64 } });
    expect(quiet.summary.notes.join('\n')).not.toMatch(/the stream meter would be truer/);
    await finishRun({ resultsDir: folder, health: { ...health, cores: 0.01 } });
    for (const name of ['summary.json', 'summary.md', 'report.html'])
      expect(read(folder, name)).toMatch(/the stream meter would be truer/);
  });

  test('say that the generator was the limit when the launcher saw so', async () => {
    const folder = await finished(madeRequests(USUAL));
    const health = { clientCpuRatio: 0.95, machineCpuRatio: null, meterLoopDelayP99Ms: null };
    const { summary } = await finishRun({ resultsDir: folder, health });
    expect(summary.trust.state).toBe('client-bound');
    for (const name of ['summary.md', 'report.html'])
      expect(read(folder, name)).toMatch(/95 % of this machine/);
  });

  test('say that a percentile asked for has too few samples, and how far off it may be', async () => {
    const folder = await finished(madeRequests(USUAL).slice(0, 100), {
      thresholds: [{ metric: 'ai_latency_ms', expression: 'p(99)<10000', ok: true }],
    });
    const { summary } = await finishRun({ resultsDir: folder });
    expect(summary.trust).toMatchObject({ state: 'too-short' });
    expect(summary.trust.reasons.join()).toMatch(
      /p99 of ai_latency_ms rests on \d+ samples; it takes 368 .* anywhere above/,
    );
    expect(read(folder, 'report.html')).toMatch(/not to be relied on: \d+ samples, needs 368/);
  });

  test('of an empty folder are refused', async () => {
    const folder = path.join(root, 'empty');
    mkdirSync(folder);
    await expect(finishRun({ resultsDir: folder })).rejects.toThrow(InputError);
    await expect(finishRun({ resultsDir: folder })).rejects.toThrow(/neither summary.json nor samples/);
  });
});

describe('names that need escaping', () => {
  test('are text and nothing else, in every file', async () => {
    const folder = await finished([madeRecord({ model: EVIL }), madeRecord({ model: 'b' })], {
      scenario: EVIL,
      target: EVIL,
      provider: EVIL,
      notes: [EVIL],
      settings: { LLM_MIX: EVIL },
      thresholds: [{ metric: EVIL, expression: 'p(95)<1', ok: false }],
      slo: { state: 'fail', breached: [`${EVIL}: p(95)<1`], judged: [] },
    });
    await finishRun({ resultsDir: folder });
    const page = read(folder, 'report.html');
    // The page's own script, and no other.
    expect(page.match(/<script/gi)).toHaveLength(1);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    // Code spans show HTML as it is; outside of them there is none.
    expect(read(folder, 'summary.md').replace(/`[^`\n]*`/g, '')).not.toMatch(/<script/i);
    const junit = await parseJunit(read(folder, 'junit.xml'));
    const names = JSON.stringify(junit);
    expect(names).toContain('<script>alert(1)</script>');
    const rows: string[][] = parseCsv(read(folder, 'stats.csv'));
    expect(rows.map((row) => row[1])).toEqual(['Name', EVIL, 'b', 'Aggregated']);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])(
    'a model called "%s" is no formula in stats.csv',
    async (model) => {
      const folder = folderOf(samplesText([madeRecord({ model }), madeRecord({ model: 'b' })]));
      await finishRun({ resultsDir: folder });
      const rows: string[][] = parseCsv(read(folder, 'stats.csv'));
      expect(rows[1]?.[1]).toBe(`'${model}`);
    },
  );
});

test('JUnit is read by a reader of others, with each threshold a case', async () => {
  const folder = await finished(madeRequests(USUAL), {
    thresholds: [
      { metric: 'ai_latency_ms', expression: 'p(95)<5000', ok: true },
      { metric: 'error_rate', expression: 'rate<0.001', ok: false },
    ],
    slo: { state: 'fail', breached: ['error_rate: rate<0.001'], judged: [] },
  });
  await finishRun({ resultsDir: folder });
  const report = await parseJunit(read(folder, 'junit.xml'));
  expect(report).toMatchObject({ tests: 3, failures: 1 });
  expect(JSON.stringify(report)).toContain('error_rate did not meet rate<0.001');
});

test('stats.csv has a row a model and one for all, with Locust’s columns first', async () => {
  const records = [...madeRequests(USUAL), ...madeRequests({ ...USUAL, seed: 2 }, { model: 'b' })];
  const folder = folderOf(samplesText(records));
  await finishRun({ resultsDir: folder });
  const rows: Record<string, string>[] = parseCsv(read(folder, 'stats.csv'), { columns: true });
  expect(rows.map((row) => [row['Type'], row['Name']])).toEqual([
    ['POST', 'a'],
    ['POST', 'b'],
    ['', 'Aggregated'],
  ]);
  const all = rows[2] ?? {};
  const sum = (column: string): number => Number(rows[0]?.[column]) + Number(rows[1]?.[column]);
  expect(Number(all['Request Count'])).toBe(records.length);
  expect(sum('Request Count')).toBe(records.length);
  expect(sum('Failure Count')).toBe(Number(all['Failure Count']));
  const latencies = sortSamples(records.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])));
  for (const [column, q] of [
    ['50%', 0.5],
    ['66%', 0.66],
    ['98%', 0.98],
    ['100%', 1],
  ] as const) {
    expect(Number(all[column]) / (quantile(latencies, q) ?? 0), column).toBeCloseTo(1, 2);
  }
});

describe('the machines of one run', () => {
  const one = madeRequests(USUAL);
  const two = madeRequests({ ...USUAL, seed: 2, slowness: 3 });

  test('become one report: percentiles within 0.5 % of all raw samples, counters added up', async () => {
    const parts = [await finished(one), await finished(two)];
    const resultsDir = path.join(root, 'merged');
    const asParts = parts.map((part) => ({ resultsDir: part }));
    const { summary } = await finishMerged({ resultsDir, parts: asParts, note: 'two' });
    const values = (field: 'latencyMs' | 'ttftMs'): number[] =>
      [...one, ...two].flatMap((record) => record[field] ?? []);
    for (const [metric, field] of [
      ['ai_latency_ms', 'latencyMs'],
      ['ai_ttft_ms', 'ttftMs'],
    ] as const) {
      const raw = sortSamples(values(field));
      for (const [stat, q] of [
        ['med', 0.5],
        ['p(90)', 0.9],
        ['p(95)', 0.95],
        ['p(99)', 0.99],
      ] as const) {
        const exact = quantile(raw, q) ?? Number.NaN;
        const merged = summary.metrics[metric]?.[stat] ?? Number.NaN;
        expect(Math.abs(merged / exact - 1), `${metric} ${stat}`).toBeLessThan(0.005);
      }
    }
    expect(summary.totals.requestsFinished).toBe(one.length + two.length);
    const dollars = [...one, ...two].reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    expect(summary.totals.costUsd).toBeCloseTo(dollars, 9);
    for (const name of FILES) expect(read(resultsDir, name).length).toBeGreaterThan(100);
  });

  test('take in a part that was killed before its summary, wherever it stands', async () => {
    const whole = await finished(one, {
      target: 'http://x/v1',
      settings: { LLM_MIX: 'a=70,b=30', LLM_SEED: '1' },
    });
    const killed = folderOf(samplesText(two));
    const nothing = path.join(root, 'nothing');
    mkdirSync(nothing);
    for (const parts of [
      [whole, killed, nothing],
      [nothing, killed, whole],
    ]) {
      const { summary } = await finishMerged({
        resultsDir: path.join(root, 'rest'),
        parts: parts.map((resultsDir) => ({ resultsDir, exitCode: resultsDir === whole ? 0 : 137 })),
        note: 'killed',
      });
      expect(summary.interrupted?.afterMs).toBeGreaterThan(0);
      expect(summary.slo.state).toBe('not-judged');
      expect(summary.target).toBe('http://x/v1');
      expect(summary.settings['LLM_SEED']).toBe('1');
      expect(summary.totals.requestsFinished).toBe(one.length + two.length);
      expect(summary.notes.join()).toMatch(/nothing: k6 left neither summary.json nor samples/);
    }
    const none = finishMerged({ resultsDir: root, parts: [{ resultsDir: nothing }], note: '' });
    await expect(none).rejects.toThrow(InputError);
  });

  test.each(['p(95)<400', ' p(95) < 4e+2 ', 'p(9_5)<+400.', 'p(95)<.4E3'])(
    'have their thresholds judged on all samples: %s',
    async (expression) => {
      const limit = { metric: 'ai_ttft_ms', expression };
      // What the parts said of themselves is not what all samples say.
      const parts = [
        await finished(one, { thresholds: [{ ...limit, ok: true }] }),
        await finished(two, { thresholds: [{ ...limit, ok: true }] }),
      ];
      const runs = [...(await openInput(parts[0] ?? '')), ...(await openInput(parts[1] ?? ''))];
      expect(mergeRuns(runs).summary.thresholds).toEqual([{ ...limit, ok: false }]);
      expect(mergeRuns(runs).summary.slo.state).toBe('fail');
    },
  );

  test('are refused where one has no histogram, and where they are not of one run', async () => {
    const [whole] = await openInput(await finished(one));
    const bare = folderOf(JSON.stringify({ ...whole!.summary, histograms: null }), 'summary.json');
    const [without] = await openInput(bare);
    expect(() => mergeRuns([whole!, without!])).toThrow(
      /holds no histograms, and percentiles cannot be averaged/,
    );
    const [other] = await openInput(folderOf(samplesText(two, madeHeader({ mix: 'b=1' }))));
    const [same] = await openInput(folderOf(samplesText(two)));
    expect(() => mergeRuns([same!, other!])).toThrow(/LLM_MIX is b=1, not a=70,b=30/);
  });
});

describe('an input', () => {
  test.each<[string, string | Buffer, string, RegExp]>([
    ['an empty file', '', 'x.json', /is empty/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'x.png', /is no summary.json/],
    ['other JSON', '{"a":1}', 'x.json', /not a summary.json of k6-llm/],
    ['half a summary', '{"schemaVersion":1', 'summary.json', /not JSON, or cut off/],
    ['a later version', '{"schemaVersion":2}', 'summary.json', /schemaVersion is 2; this version reads 1/],
  ])('%s is refused in words that help', async (_, content, name, message) => {
    const file = path.join(folderOf(content, name), name);
    await expect(openInput(file)).rejects.toThrow(InputError);
    await expect(openInput(file)).rejects.toThrow(message);
  });

  test('that is not there is refused', async () => {
    await expect(openInput(path.join(root, 'nowhere'))).rejects.toThrow(/no such file or folder/);
  });

  test('of samples may be gzipped, and begin with what a script printed', async () => {
    const text = `hello\n${samplesText([madeRecord({}), madeRecord({})])}`;
    const file = path.join(folderOf(gzipSync(text), 'samples.jsonl.gz'), 'samples.jsonl.gz');
    const [run] = await openInput(file);
    expect(run?.summary.totals.requestsFinished).toBe(2);
    expect(run?.skipped).toMatchObject({ foreign: 1 });
  });

  test('that holds several runs gives them all', async () => {
    const parent = path.join(root, 'several');
    for (const name of ['b', 'a']) {
      mkdirSync(path.join(parent, name), { recursive: true });
      writeFileSync(path.join(parent, name, SAMPLES_FILE), `${encodeSample(madeRecord({}))}\n`);
    }
    expect((await openInput(parent)).map(({ label }) => label)).toEqual(['a', 'b']);
  });
});
