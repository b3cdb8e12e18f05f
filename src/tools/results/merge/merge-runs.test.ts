import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fieldDifferences } from '../../../../test/support/field-by-field.ts';
import { folderOfTests } from '../../../../test/support/temporary-folder.ts';
import type { SampleRecord } from '../../../lib/samples/sample-fields.ts';
import type { SampleHeader } from '../../../lib/samples/sample-header.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { madeContext } from '../../../lib/summary/made-data.ts';
import { addedTimeText } from '../../calibration/calibration.ts';
import { differences } from '../../compare/differences.ts';
import { fileNotes } from '../read/file-notes.ts';
import { madeHeader, madeRecord, samplesText } from '../made-samples.ts';
import { mergeRuns } from './merge-runs.ts';
import { openInput } from '../read/open-input.ts';
import type { RunData } from '../read/run-data.ts';

const root = folderOfTests('merge');

let files = 0;
async function opened(records: readonly SampleRecord[], header: Partial<SampleHeader>): Promise<RunData> {
  const file = path.join(root, `${(files += 1)}.jsonl`);
  writeFileSync(file, samplesText(records, madeHeader(header)));
  const [run] = await openInput(file);
  return run!;
}

/** A run of every kind of request: two models, warm-up, windows, steps, failures, retries, no price, no usage. */
const RECORDS: readonly SampleRecord[] = Array.from({ length: 240 }, (_, i) => {
  const isWarmup = i < 24;
  const isFailed = i % 9 === 0;
  const change: Partial<SampleRecord> = {
    atMs: 500 + i * 40,
    endMs: 100 + (i % 17),
    latencyMs: isFailed ? null : 100 + (i % 17),
    ttftMs: isFailed ? null : 20 + (i % 7),
    outcome: isFailed ? 'rate_limited' : 'ok',
    status: isFailed ? 429 : 200,
    good: !isFailed,
    stream: true,
    model: i % 3 === 0 ? 'b' : 'a',
    phase: isWarmup ? 'warmup' : 'main',
    window: i < 120 ? 'before' : 'after-00',
    step: i < 120 ? '01' : '02',
    costUsd: i % 11 === 0 ? null : 0.001,
    uncharged: i % 11 === 0 ? (i % 2 === 0 ? 'unpriced' : 'usage_missing') : null,
    retry: i % 10 === 1 ? 1 : 0,
    pauseMs: isFailed ? 500 : null,
    lagMs: 1 + (i % 5),
    warnings: i % 20 === 2 ? ['held_back'] : [],
  };
  return madeRecord(change);
});

const CONTEXT = {
  ...madeContext(),
  dimensions: { ...madeContext().dimensions, models: ['a', 'b'], steps: ['01', '02'] },
  steps: [
    { name: '01', ratePerSec: 20, startMs: 0, durationMs: 4800 },
    { name: '02', ratePerSec: 40, startMs: 4800, durationMs: 4800 },
  ],
  load: { model: 'open' as const, peakRatePerSec: 40, offered: 288, vusAllocated: 12, segment: null },
  settings: { LLM_MIX: 'a=70,b=30', LLM_BUDGET_USD: '' },
};

const SETUP = {
  startedAt: '2026-11-25T00:00:00.000Z',
  loadStartsAtMs: 500,
  preflight: { a: { requests: 1, inputTokens: 5, outputTokens: 2, costUsd: 0.001 } },
  forecast: { requests: 288, inputTokens: 9, outputTokens: 9, costUsd: 1 },
  notes: ['seen in setup'],
  stopped: null,
};

const THRESHOLDS = [
  { metric: 'ai_latency_ms', expression: 'p(95)<110' },
  { metric: 'ai_latency_ms{step:02}', expression: 'p(95)<5000' },
  { metric: 'ai_requests_succeeded{phase:main}', expression: 'count>150' },
  { metric: 'checks', expression: 'rate>0.95' },
];

const STAGES = [
  { testType: 'spike', unit: 'ratePerSec' as const, points: [[0, 20] as const, [9600, 40] as const] },
];

function headerOf(segment: string | null): Partial<SampleHeader> {
  const context = { ...CONTEXT, load: { ...CONTEXT.load, segment } };
  return { segment, stages: STAGES, thresholds: THRESHOLDS, facts: { context, setup: SETUP } };
}

async function halves(segments: readonly (string | null)[]): Promise<RunData[]> {
  return Promise.all(
    segments.map((segment, part) =>
      opened(
        RECORDS.filter((_, i) => i % 2 === part),
        headerOf(segment),
      ),
    ),
  );
}

/** Notes by their text: their order is nobody's. */
function keyed(summary: Summary): object {
  return { ...summary, notes: Object.fromEntries(summary.notes.map((note) => [note, true])) };
}

/** What the parts of a run cannot tell as one k6 would, and why. */
const MAY_DIFFER = [
  'notes.merged from *', // names the parts
  'notes.made from samples alone*', // in each part, of that part
  'totals.preflight.*', // each k6 makes its own
  '*.*.preflight.*',
  'metrics.vus.*', // as of a request, in a part
  'histograms.metrics.vus.*',
  'histograms.metrics.*', // compressed bytes; their statistics are in all other fields
];

test('the parts of a divided load are told as the whole is, field by field', async () => {
  const whole = await opened(RECORDS, headerOf(null));
  const merged = mergeRuns(await halves(['0:1/2', '1/2:1']));
  const rules = { tolerance: 0.001, mayDiffer: MAY_DIFFER };
  expect(fieldDifferences(keyed(whole.summary), keyed(merged.summary), rules)).toEqual([]);
  expect(merged.stages).toEqual(STAGES);
  // All that it is about is there.
  const { totals, steps, forecast, load, recovery, models } = merged.summary;
  expect(Math.min(totals.unpriced, totals.usageMissing, totals.retries, totals.throttledMs)).toBeGreaterThan(
    0,
  );
  expect(totals.warmup.requests).toBe(24);
  expect(models['b']?.warmup.requests).toBe(8);
  expect(steps).toHaveLength(2);
  expect(forecast?.requests).toBe(288);
  expect(load).toMatchObject({ peakRatePerSec: 40, offered: 288, vusAllocated: 12, segment: null });
  expect(recovery).not.toBeNull();
  expect(totals.preflight?.requests).toBe(2);
  // Nobody changed it, so it can be compared.
  expect(differences(whole.summary, merged.summary)).toEqual([]);
});

test('machines that each make a load of their own make the sum of them', async () => {
  const { summary, stages } = mergeRuns(await halves([null, null]));
  expect(summary.load).toMatchObject({ peakRatePerSec: 80, offered: 576, vusAllocated: 24 });
  expect(summary.forecast?.requests).toBe(576);
  expect(summary.steps?.map(({ ratePerSec }) => ratePerSec)).toEqual([40, 80]);
  expect(stages[0]?.points).toEqual([
    [0, 40],
    [9600, 80],
  ]);
});

test('parts of which only summaries are left are told as the whole is, steps and all', async () => {
  const parts = await halves(['0:1/2', '1/2:1']);
  const bare = parts.map((part): RunData => ({ ...part, facts: null, samplesPath: null, requests: null }));
  const [whole, merged] = [mergeRuns(parts).summary, mergeRuns(bare).summary];
  expect(merged.steps).toHaveLength(2);
  expect(merged.steps).toEqual(whole.steps);
  expect(keyed(merged)).toEqual(keyed(whole));
});

test('what was lost of the files of several parts is one sum', async () => {
  const parts = await halves(['0:1/2', '1/2:1']);
  const lost = parts.map((part, index): RunData => {
    const notes = [...part.summary.notes, ...fileNotes({ broken: index + 3 })];
    return { ...part, summary: { ...part.summary, notes } };
  });
  const notes = mergeRuns(lost).summary.notes.filter((note) => note.includes('skipped'));
  expect(notes).toEqual([expect.stringMatching(/^7 lines were skipped/)]);
});

test('what each of several machines adds is told with its name', async () => {
  const parts = await halves([null, null]);
  const added = parts.map((part, index) => {
    const note = addedTimeText({ streams: 4, ttftMs: 3, tpotMs: 0, takenAt: '2026-11-28' });
    return {
      ...part,
      label: `m${index}`,
      summary: { ...part.summary, notes: [...part.summary.notes, note] },
    };
  });
  const notes = mergeRuns(added).summary.notes.filter((note) => note.includes('this machine adds'));
  expect(notes).toEqual([
    expect.stringMatching(/^m0: this machine adds 3\.0 ms/),
    expect.stringMatching(/^m1: this machine adds 3\.0 ms/),
  ]);
});

test('a budget that was divided is the whole again', async () => {
  const parts = await halves(['0:1/2', '1/2:1']);
  for (const { summary } of parts)
    Object.assign(summary, { settings: { ...summary.settings, LLM_BUDGET_USD: '0.5' } });
  expect(mergeRuns(parts).summary.settings['LLM_BUDGET_USD']).toBe('1');
});

test('parts whose clocks differ are told, by their headers', async () => {
  const partAhead = (part: number, aheadMs: number): Promise<RunData> => {
    const header = headerOf(`${part}/2:${part + 1}/2`);
    const setup = { ...SETUP, clockAhead: { lowMs: aheadMs - 990, highMs: aheadMs + 20 } };
    return opened(RECORDS.slice(part * 120, part * 120 + 120), {
      ...header,
      facts: { context: CONTEXT, setup },
    });
  };
  const notesAt = async (aheadMs: number): Promise<string> =>
    mergeRuns([await partAhead(0, 0), await partAhead(1, aheadMs)]).summary.notes.join('\n');
  expect(await notesAt(3200)).toMatch(/clocks differ: \d+\.jsonl's is 2\.\d s to 4\.\d s ahead of/);
  expect(await notesAt(400)).not.toContain('clocks differ');
});

test('a percentile that no samples tell is made of nothing; its count, mean and ends are', async () => {
  const parts = await halves(['0:1/2', '1/2:1']);
  const told = (values: Record<string, number>): object => ({ metrics: { http_req_duration: values } });
  Object.assign(parts[0]!.summary, told({ avg: 10, count: 1, max: 10, med: 10, min: 10, 'p(95)': 10 }));
  Object.assign(parts[1]!.summary, told({ avg: 40, count: 2, max: 70, med: 40, min: 10, 'p(95)': 69 }));
  expect(mergeRuns(parts).summary.metrics['http_req_duration']).toEqual({
    avg: 30,
    count: 3,
    max: 70,
    min: 10,
    med: null,
    'p(90)': null,
    'p(95)': null,
    'p(99)': null,
  });
});
