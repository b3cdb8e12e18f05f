import { describe, expect, test } from 'vitest';
import { inputs } from '../../../test/support/exhaustively.ts';
import { createRandom, exponential, type Random } from '../../lib/numbers/random.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { madeRecord } from '../results/made-samples.ts';
import { type Compared, compareRuns } from './compare-runs.ts';
import { type Judgement, judgeRule, parseRules } from './gate.ts';
import { runOf } from './made-runs.ts';

/** What `npm run bench -- --only statistics` shows at length, at a size that a test can afford. */
type World = (random: Random) => SampleRecord[];

async function judge(
  [first, second]: readonly [World, World],
  text: string,
  seed: number,
): Promise<{ state: Judgement['state']; row: Compared | null }> {
  const random = createRandom(seed);
  const [rule] = parseRules([text]);
  if (rule === undefined) throw new Error('no rule');
  const { rows } = compareRuns(await runOf(first(random)), await runOf(second(random)), {
    measures: [rule.measure],
  });
  const row = rows[0] ?? null;
  return { state: judgeRule(rule, row).state, row };
}

async function states(worlds: readonly [World, World], text: string, pairs = inputs(5)): Promise<string[]> {
  const found: string[] = [];
  for (let seed = 1; seed <= pairs; seed += 1) found.push((await judge(worlds, text, seed)).state);
  return found;
}

/** One server and its queue, in its steady state; 100 ms a request alone. */
function queue(load: number, count: number): World {
  return (random) => {
    let waitMs = random.next() < load ? (exponential(random) * 100) / (1 - load) : 0;
    let atMs = 500;
    return Array.from({ length: count }, () => {
      const serviceMs = exponential(random) * 100;
      const latencyMs = waitMs + serviceMs;
      const record = madeRecord({ atMs, latencyMs, endMs: latencyMs });
      const gapMs = (exponential(random) * 100) / load;
      atMs += gapMs;
      waitMs = Math.max(0, latencyMs - gapMs);
      return record;
    });
  };
}

/** 20 requests a second that know nothing of each other. */
function plain(
  count: number,
  change: { slowness?: number; failsAt?: (atMs: number) => boolean } = {},
): World {
  const { slowness = 1, failsAt = () => false } = change;
  return (random) =>
    Array.from({ length: count }, (_, index) => {
      const atMs = 500 + 50 * index;
      const latencyMs = (100 + 50 * random.next()) * slowness;
      return failsAt(atMs)
        ? madeRecord({ atMs, outcome: 'server', status: 500, latencyMs: null, endMs: 5, good: false })
        : madeRecord({ atMs, latencyMs, endMs: latencyMs });
    });
}

describe('two runs of one queue', () => {
  test.each([0.8, 0.9])('at load %d are not told apart, nor called the same', async (load) => {
    const worlds = [queue(load, 800), queue(load, 800)] as const;
    expect(await states(worlds, 'p95(ai_latency_ms) +10%')).not.toContain('broken');
    const { state, row } = await judge(worlds, 'p95(ai_latency_ms) +10%', 1);
    expect(state).toBe('undecided');
    expect(row).toMatchObject({ interval: null, doubt: { kind: 'alike' }, verdict: 'unknown' });
  });

  test('at load 0.01 have an interval that holds no change', async () => {
    const worlds = [queue(0.01, 800), queue(0.01, 800)] as const;
    for (const seed of [1, 2, 3]) {
      const { row } = await judge(worlds, 'p95(ai_latency_ms) +10%', seed);
      expect(row?.interval?.low).toBeLessThan(0);
      expect(row?.interval?.high).toBeGreaterThan(0);
    }
  });
});

describe('what a gate must see', () => {
  test('nothing but errors in five requests', async () => {
    const worlds = [plain(5), plain(5, { failsAt: () => true })] as const;
    expect(new Set(await states(worlds, 'error_rate +1pp'))).toEqual(new Set(['broken']));
  });

  test.each(['p50', 'p95', 'mean'])('ten times the %s in five requests', async (statistic) => {
    const worlds = [plain(5), plain(5, { slowness: 10 })] as const;
    expect(new Set(await states(worlds, `${statistic}(ai_latency_ms) +10%`))).toEqual(new Set(['broken']));
  });

  test('three seconds of errors in a minute, for which no interval is claimed', async () => {
    const worlds = [plain(1200), plain(1200, { failsAt: (atMs) => atMs > 20_000 && atMs < 23_000 })] as const;
    expect(new Set(await states(worlds, 'error_rate +1pp'))).toEqual(new Set(['broken']));
    const { row } = await judge(worlds, 'error_rate +1pp', 1);
    expect(row).toMatchObject({ interval: null, verdict: 'worse' });
  });
});

describe('what a gate must not cry at', () => {
  const OUTAGE = (atMs: number): boolean => atMs % 20_000 < 1500;

  test('bursts of errors that both runs have', async () => {
    const later = (atMs: number): boolean => OUTAGE(atMs + 7000) && atMs < 50_000;
    const worlds = [plain(1200, { failsAt: later }), plain(1200, { failsAt: OUTAGE })] as const;
    expect(await states(worlds, 'error_rate +1pp', inputs(3))).not.toContain('broken');
  });

  test.each([5, 20, 100, 400])('two runs of %d requests alike', async (count) => {
    const found = await states([plain(count), plain(count)], 'p95(ai_latency_ms) +10%');
    expect(found).not.toContain('broken');
  });

  test('a load that rises and falls in both', async () => {
    const ramp: World = (random) =>
      plain(800)(random).map((record, index) => {
        const latencyMs = (record.latencyMs ?? 0) * (1 + 3 * Math.sin((Math.PI * index) / 800));
        return { ...record, latencyMs, endMs: latencyMs };
      });
    expect(new Set(await states([ramp, ramp], 'p50(ai_latency_ms) +10%'))).toEqual(new Set(['held']));
  });
});

describe('few or odd samples', () => {
  test('of one value tell that it is the same', async () => {
    const same: World = () =>
      Array.from({ length: 5 }, (_, at) => madeRecord({ atMs: 1000 * at, latencyMs: 9 }));
    expect((await judge([same, same], 'p95(ai_latency_ms) +10%', 1)).state).toBe('held');
  });

  test('of two values a hair apart differ, within the allowance', async () => {
    const at =
      (latencyMs: number): World =>
      () =>
        Array.from({ length: 200 }, (_, index) => madeRecord({ atMs: 500 + index * 50, latencyMs }));
    const { state, row } = await judge([at(9), at(9.01)], 'p95(ai_latency_ms) +10%', 1);
    expect([state, row?.verdict]).toEqual(['held', 'worse']);
  });

  test('that add up to the same in another order do not differ', async () => {
    const priced =
      (costsUsd: readonly number[]): World =>
      () =>
        costsUsd.map((costUsd, at) => madeRecord({ atMs: 500 + at * 50, costUsd }));
    const first = Array.from({ length: 300 }, (_, at) => 0.1 + (at % 3) / 10);
    const { row } = await judge([priced(first), priced(first.toReversed())], 'cost_per_1k_requests +1%', 1);
    expect(row?.verdict).toBe('same');
  });

  test('of nothing but failures are a lost measure, or one that never was', async () => {
    const dead = plain(20, { failsAt: () => true });
    expect((await judge([plain(20), dead], 'p95(ai_latency_ms) +10%', 1)).state).toBe('broken');
    expect((await judge([dead, plain(20)], 'p95(ai_latency_ms) +10%', 1)).state).toBe('undecided');
  });

  test.each([
    [1, 'undecided'],
    [3, 'undecided'],
    [5, 'held'],
  ])('without an error in %d requests each are %s', async (count, state) => {
    expect((await judge([plain(count), plain(count)], 'error_rate +1pp', 1)).state).toBe(state);
  });
});
