import { describe, expect, test } from 'vitest';
import { inputs } from '../../../test/support/exhaustively.ts';
import { differences } from './differences.ts';
import { compareRuns, type PreparedRun, splitRun } from './compare-runs.ts';
import { judgeRule, parseRules } from './gate.ts';
import { type MadeRun, madeRequests, runOf } from './made-runs.ts';
import { DEFAULT_MEASURES, type Measure, parseMeasure } from './measure.ts';

const USUAL: MadeRun = { seed: 1, durationSec: 60, ratePerSec: 20, slowness: 1, memory: 0.9 };
/** Of fixed seeds; `npm run bench -- --only statistics` takes thousands. */
const PAIRS = inputs(8);
const usual = await runOf(madeRequests(USUAL));

function measure(name: string): Measure {
  const found = parseMeasure(name);
  if (found === null) throw new Error(`no measure ${name}`);
  return found;
}

function isBroken(first: PreparedRun, second: PreparedRun, rule: string): boolean {
  const [parsed] = parseRules([rule]);
  if (parsed === undefined) throw new Error('no rule');
  const { rows } = compareRuns(first, second, { measures: [parsed.measure] });
  return judgeRule(parsed, rows[0] ?? null).state === 'broken';
}

describe('a gate of +10%', () => {
  test('passes the p95 of the same set-up, and finds a median that is 15 % slower, in each pair', async () => {
    let passed = 0;
    let found = 0;
    let same = await runOf(madeRequests({ ...USUAL, seed: 100 }));
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const first = same;
      same = await runOf(madeRequests({ ...USUAL, seed: 200 + pair }));
      const slower = await runOf(madeRequests({ ...USUAL, seed: 300 + pair, slowness: 1.15 }));
      if (!isBroken(first, same, 'p95(ai_ttft_ms) +10%')) passed += 1;
      if (isBroken(first, slower, 'p50(ai_ttft_ms) +10%')) found += 1;
    }
    expect([passed, found]).toEqual([PAIRS, PAIRS]);
  });

  test('with no allowance, neighbours that are alike do not pass for certainty', async () => {
    let passed = 0;
    let same = await runOf(madeRequests({ ...USUAL, seed: 400, memory: 0.97 }));
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const first = same;
      same = await runOf(madeRequests({ ...USUAL, seed: 500 + pair, memory: 0.97 }));
      if (!isBroken(first, same, 'p50(ai_ttft_ms) +0%')) passed += 1;
    }
    expect(passed).toBeGreaterThanOrEqual((PAIRS * 7) / 8);
  });
});

describe('a gate on one model', async () => {
  const mixed = (seed: number, slowness: number): Promise<PreparedRun> =>
    runOf([
      ...madeRequests({ ...USUAL, seed, slowness }),
      ...madeRequests({ ...USUAL, seed: seed + 1 }, { model: 'b' }),
    ]);
  const runs = [await mixed(1, 1), await mixed(3, 3)];

  test.each([
    ['its median, by single samples, breaks', 'p50(ai_ttft_ms{model:a}) +10%', false, 'broken'],
    [
      'its median, by histograms and the memory of the whole run, breaks',
      'p50(ai_ttft_ms{model:a}) +10%',
      true,
      'broken',
    ],
    ['its mean, by histograms alone, is undecided', 'mean(ai_ttft_ms{model:a}) +10%', true, 'undecided'],
  ])('that is three times slower: %s', (_, text, isBare, state) => {
    const [first, second] = isBare ? runs.map((run) => ({ ...run, raw: null })) : runs;
    const [rule] = parseRules([text]);
    const { rows } = compareRuns(first!, second!, { measures: [rule!.measure] });
    expect(judgeRule(rule!, rows[0] ?? null).state).toBe(state);
  });
});

describe('a comparison', () => {
  test('of a run with itself finds no difference in anything', () => {
    const measures = DEFAULT_MEASURES.map(measure);
    const { rows } = compareRuns(usual, usual, { measures });
    expect(rows.map((row) => row.measure.name)).toEqual([...DEFAULT_MEASURES]);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
  });

  test('gives the same answer each time', async () => {
    const few = { ...USUAL, durationSec: 2 };
    const first = await runOf(madeRequests(few));
    const second = await runOf(madeRequests({ ...few, seed: 2 }));
    const measures = [measure('p95(ai_ttft_ms)'), measure('mean(ai_ttft_ms)')];
    const once = compareRuns(first, second, { measures });
    expect(compareRuns(first, second, { measures }).rows).toEqual(once.rows);
  });

  test('from histograms says what it says from single samples', async () => {
    const first = usual;
    const second = await runOf(madeRequests({ ...USUAL, seed: 2, slowness: 1.3 }));
    const measures = [measure('p50(ai_ttft_ms)'), measure('error_rate'), measure('cost')];
    const exact = compareRuns(first, second, { measures });
    const coarse = compareRuns({ ...first, raw: null }, { ...second, raw: null }, { measures });
    expect([exact.basis.isRaw, coarse.basis.isRaw]).toEqual([true, false]);
    for (const [index, row] of exact.rows.entries()) {
      const other = coarse.rows[index];
      expect(other?.first ?? 0).toBeCloseTo(row.first ?? 1, 0);
      expect(other?.verdict).toBe(row.verdict);
    }
    expect(exact.rows.map(({ verdict }) => verdict)).toEqual(['worse', 'same', 'same']);
  });

  test('of throughput knows that more is better', async () => {
    const first = await runOf(madeRequests({ ...USUAL, ratePerSec: 40 }));
    const second = await runOf(madeRequests({ ...USUAL, seed: 2, ratePerSec: 20 }));
    const { rows } = compareRuns(first, second, { measures: [measure('requests_per_sec')] });
    expect(rows[0]?.verdict).toBe('worse');
  });

  test('leaves out what neither run has, and keeps what one has lost', async () => {
    const blocking = await runOf(madeRequests(USUAL, { ttftMs: null }));
    const measures = [measure('p95(ai_ttft_ms)'), measure('p95(ai_stall_ms)')];
    const { rows } = compareRuns(usual, blocking, { measures });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ second: null, verdict: 'unknown', interval: null });
  });

  test.each([
    ['no requests', []],
    ['one request', madeRequests(USUAL).slice(0, 1)],
  ])('of runs of %s cannot tell, and does not fail', async (_, records) => {
    const run = await runOf(records);
    const { rows } = compareRuns(run, run, { measures: DEFAULT_MEASURES.map(measure) });
    for (const row of rows) expect(row.verdict).toBe('unknown');
  });

  test('marks a percentile that has too few samples', async () => {
    const run = await runOf(madeRequests({ ...USUAL, ratePerSec: 3 }));
    const { rows } = compareRuns(run, run, { measures: ['p50(ai_ttft_ms)', 'p99(ai_ttft_ms)'].map(measure) });
    expect(rows.map(({ hasEnough }) => hasEnough)).toEqual([true, false]);
  });

  test('of the models of one run reads each apart', async () => {
    const slow = madeRequests({ ...USUAL, slowness: 2 }, { model: 'slow' });
    const quick = madeRequests({ ...USUAL, seed: 3 }, { model: 'quick' });
    const both = await runOf([...quick, ...slow]);
    const [first, second] = splitRun(both, 'model');
    const { rows } = compareRuns(first!, second!, { measures: [measure('p50(ai_ttft_ms)')] });
    expect([first?.label, second?.label]).toEqual(['quick', 'slow']);
    expect(rows[0]?.first).toBeCloseTo(200, -2);
    expect(rows[0]?.verdict).toBe('worse');
  });
});

describe('differences of set-up', async () => {
  const requests = madeRequests({ ...USUAL, durationSec: 2 });
  const first = await runOf(requests);

  test.each([
    ['the mix', { mix: 'a=1' }, 'LLM_MIX'],
    ['the seed', { seed: 1 }, 'seed'],
    ['the scenario', { scenario: 'spike' }, 'scenario'],
  ])('name %s', async (_, header, what) => {
    const second = await runOf(requests, { header });
    const found = differences(first.run.summary, second.run.summary);
    expect(found.map((difference) => difference.what)).toContain(what);
  });

  test('say where one run has no such setting', async () => {
    const { summary } = (await runOf([])).run;
    const [plain, own] = ['', 'own.jsonl'].map((file) => ({ ...summary, settings: { LLM_DATASET: file } }));
    const found = [{ what: 'LLM_DATASET', first: '(not set)', second: 'own.jsonl' }];
    expect(differences(plain!, own!)).toEqual(found);
  });

  test('are none between runs of one set-up', async () => {
    expect(differences(first.run.summary, (await runOf(requests)).run.summary)).toEqual([]);
  });
});
