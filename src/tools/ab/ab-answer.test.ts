import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerProblems } from '../../../test/support/answer-schema.ts';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { createRandom, type Random, standardNormal } from '../../lib/numbers/random.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { madeRecord, samplesText } from '../results/made-samples.ts';
import { openInput } from '../results/read/open-input.ts';
import { type AbAnswer, answerAb, unanswered } from './ab-answer.ts';
import { abPage } from './ab-page.ts';
import { comparePairs } from './compare-pairs.ts';
import type { Pair, PairReply } from './read-pairs.ts';
import { renderAb } from './render-ab.ts';

const KNOWN = ['alpha', 'beta', 'gamma'].map((name) => ({
  name,
  model: 'm',
  target: `http://${name}.test/v1`,
}));

type Made = (random: Random, pair: number) => Partial<SampleRecord>;

/** A run in which each provider answers as it is told. */
async function answerOf(
  makers: Readonly<Record<string, Made>>,
  pairs: number,
  more: readonly SampleRecord[] = [],
): Promise<AbAnswer> {
  const random = createRandom('ab');
  const names = Object.keys(makers);
  const records = Array.from({ length: pairs }, (_, pair) =>
    names.map((provider, at) =>
      madeRecord({ provider, pair, atMs: 1000 + pair * 100 + at * 10, ...makers[provider]?.(random, pair) }),
    ),
  ).flat();
  const folder = folderOfTest('ab');
  const file = path.join(folder, 'samples.jsonl');
  await writeFile(file, samplesText([...records, ...more]));
  const [run] = await openInput(file);
  if (run === undefined) throw new Error('no run');
  const known = KNOWN.filter(({ name }) => names.includes(name));
  const { answer, ...drawn } = await answerAb(run, known, { partial: false });
  expect(answerProblems(answer)).toEqual([]);
  for (const line of renderAb(answer).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(abPage(answer, drawn).tables[0]?.rows).toHaveLength(known.length);
  return answer;
}

const steady =
  (ttftMs: number, costUsd: number): Made =>
  (random) => {
    const own = ttftMs + 10 * standardNormal(random);
    return {
      stream: true,
      ttftMs: own,
      latencyMs: own + 100 + 5 * standardNormal(random),
      costUsd: costUsd * (1 + 0.05 * standardNormal(random)),
    };
  };

const named = ({ differences }: AbAnswer, measure: string) =>
  differences.find((one) => one.measure === measure);

describe('two providers', () => {
  test('the faster and the cheaper one are told, with what each costs in the other', async () => {
    const answer = await answerOf({ alpha: steady(200, 0.002), beta: steady(216, 0.001) }, 150);
    const ttft = named(answer, 'ttft_ms');
    expect(ttft).toMatchObject({ first: 'alpha', second: 'beta', better: 'alpha', pairs: 150, reason: null });
    expect(ttft?.low).toBeGreaterThan(0);
    expect(ttft?.low).toBeLessThan(16);
    expect(ttft?.high).toBeGreaterThan(16);
    expect(named(answer, 'usd_per_1k_requests')).toMatchObject({ better: 'beta' });
    expect(named(answer, 'usd_per_1k_requests')?.difference).toBeCloseTo(-1, 1);
    expect(named(answer, 'success')).toMatchObject({ difference: 0, better: null });
    expect(answer.sentence).toMatch(
      /^alpha is faster \(first token 1\d\.\d ms less, .*\); beta is cheaper \(.*less.*\), in 150 pairs of answers\.$/,
    );
    expect(answer.tradeOffs).toEqual([
      expect.stringMatching(
        /^beta saves \$.* per 1,000 requests against alpha, and costs 1\d\.\d ms of time$/,
      ),
    ]);
  });

  test('alike have no winner, and the sentence says so', async () => {
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: steady(200, 0.001) }, 150);
    expect(answer.differences.map(({ better }) => better)).toEqual(answer.differences.map(() => null));
    expect(answer.sentence).toBe(
      'No difference beyond noise between alpha and beta in speed, price or success, in 150 pairs of answers.',
    );
    expect(answer.tradeOffs).toEqual([]);
  });

  test('what a prompt makes of both is no noise', async () => {
    const long: (more: number) => Made = (more) => (random, pair) => ({
      latencyMs: 1000 + (pair % 20) * 200 + more + 10 * standardNormal(random),
    });
    const answer = await answerOf({ alpha: long(0), beta: long(40) }, 200);
    expect(named(answer, 'latency_ms')).toMatchObject({ better: 'alpha' });
  });

  test('one that fails more often is told, and its failures have no latency', async () => {
    const failing: Made = (random, pair) =>
      pair % 5 === 0
        ? { outcome: 'server', status: 500, latencyMs: null, costUsd: null, good: false }
        : steady(200, 0.001)(random, pair);
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: failing }, 200);
    expect(named(answer, 'success')).toMatchObject({ better: 'alpha', pairs: 200 });
    expect(named(answer, 'ttft_ms')?.pairs).toBe(160);
    expect(answer.providers[1]).toMatchObject({ successRatio: 0.8, succeeded: 160 });
    expect(answer.sentence).toContain('alpha is more successful (success 20 % more');
  });

  test('dollars per good request count those that were too slow', async () => {
    const late: Made = (random, pair) => ({ ...steady(200, 0.001)(random, pair), good: random.next() < 0.5 });
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: late }, 200);
    const perGood = named(answer, 'usd_per_good_request');
    expect(perGood?.secondValue).toBeGreaterThan(1.5 * (perGood?.firstValue ?? 0));
    expect(perGood?.better).toBe('alpha');
    expect(named(answer, 'usd_per_1k_requests')?.better).toBeNull();
  });

  test('without a price, dollars are none, and speed is told all the same', async () => {
    const unpriced: Made = (random, pair) => ({
      ...steady(250, 0)(random, pair),
      costUsd: null,
      uncharged: 'unpriced',
    });
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: unpriced }, 100);
    expect(named(answer, 'usd_per_1k_requests')).toBeUndefined();
    expect(answer.providers[1]).toMatchObject({ usdPer1kRequests: null, usdPerGoodRequest: null });
    expect(answer.tradeOffs[0]).toContain('what it costs nobody knows');
  });

  test('failures, which cost nothing, price no answers that have no price', async () => {
    const unpriced: Made = (random, pair) =>
      pair % 5 === 0
        ? { outcome: 'server', status: 500, latencyMs: null, costUsd: null, uncharged: null, good: false }
        : { ...steady(250, 0)(random, pair), costUsd: null, uncharged: 'unpriced' };
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: unpriced }, 100);
    expect(answer.providers[1]).toMatchObject({ usdPer1kRequests: null, usdPerGoodRequest: null });
    expect(named(answer, 'usd_per_1k_requests')).toBeUndefined();
    expect(answer.sentence).not.toContain('cheaper');
    expect(renderAb(answer)).toContain('no dollars of beta');
  });

  test('whoever only fails more often is not the cheaper one', async () => {
    const failing: Made = (random, pair) =>
      random.next() < 0.3
        ? { outcome: 'server', status: 500, latencyMs: null, costUsd: null, uncharged: null, good: false }
        : steady(200, 0.001)(random, pair);
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: failing }, 200);
    expect(named(answer, 'usd_per_1k_requests')?.better).toBe('beta');
    expect(answer.sentence).toMatch(/^alpha is more successful/);
    expect(`${answer.sentence} ${answer.tradeOffs.join()}`).not.toMatch(/cheaper|saves/);
    const slower = await answerOf({ alpha: steady(260, 0.001), beta: failing }, 200);
    expect(slower.tradeOffs).toEqual([
      expect.stringMatching(
        /^beta is faster than alpha by .*; beta costs \$.* less, and not less beyond noise for a good one$/,
      ),
    ]);
  });

  test('of equal cost to the cent differ by nothing, exactly', async () => {
    const same: Made = (random) => ({ latencyMs: 100 + standardNormal(random), costUsd: 0.001 });
    const answer = await answerOf({ alpha: same, beta: same }, 60);
    expect(named(answer, 'usd_per_1k_requests')).toMatchObject({ low: 0, high: 0, better: null });
  });

  test('few pairs tell nothing, and it is said', async () => {
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: steady(400, 0.002) }, 4);
    expect(answer.differences.every(({ low, better }) => low === null && better === null)).toBe(true);
    expect(answer.sentence).toMatch(/^Nobody can tell yet: 4 pairs are too few/);
    expect(named(answer, 'latency_ms')?.reason).toContain('too few pairs');
  });
});

describe('of twenty short runs', () => {
  /** 120 pairs, the first token after 100 ms, or 8 % later, each with a standard deviation of 10. */
  const runOf = (seed: number, laterMs: number): Pair[] => {
    const random = createRandom(`run ${seed}`);
    const replyOf = (ttftMs: number): PairReply => {
      const own = ttftMs + 10 * standardNormal(random);
      const latencyMs = own + 22 + 2 * standardNormal(random);
      const tpotMs = 2 + 0.1 * standardNormal(random);
      return {
        ok: true,
        good: true,
        ttftMs: own,
        latencyMs,
        tpotMs,
        costUsd: 0.0001 * (1 + 0.2 * random.next()),
      };
    };
    return Array.from({ length: 120 }, (_, at) => ({
      atMs: at * 100,
      replies: [replyOf(100), replyOf(100 + laterMs)],
    }));
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const differencesOf = (seed: number, laterMs: number) =>
    comparePairs(['alpha', 'beta'], runOf(seed, laterMs)).differences;

  test('over providers 8 % apart, 18 name the faster one, and hold the truth', () => {
    const found = seeds.map((seed) => differencesOf(seed, 8).find(({ measure }) => measure === 'ttft_ms'));
    expect(found.filter((one) => one?.better === 'alpha').length).toBeGreaterThanOrEqual(18);
    const held = found.filter((one) => (one?.low ?? 9) <= 8 && 8 <= (one?.high ?? 0));
    expect(held.length).toBeGreaterThanOrEqual(18);
  });

  test('over equal ones, 18 name no winner in any measure', () => {
    const without = seeds.filter((seed) => differencesOf(seed, 0).every(({ better }) => better === null));
    expect(without.length).toBeGreaterThanOrEqual(18);
  });
});

describe('what a pair is', () => {
  test('prompts that not every provider came to answer are in no figure, and counted', async () => {
    const cut = madeRecord({ provider: 'alpha', pair: 500, atMs: 90_000, latencyMs: 9999 });
    const answer = await answerOf({ alpha: steady(200, 0.001), beta: steady(200, 0.001) }, 50, [cut]);
    expect(answer).toMatchObject({ pairs: 50, incompletePairs: 1 });
    expect(answer.providers[0]?.requests).toBe(50);
  });

  test('the warm-up is none, and a retry is part of its request, dollars included', async () => {
    const warm = (pair: number): SampleRecord[] =>
      ['alpha', 'beta'].map((provider) => madeRecord({ provider, pair, phase: 'warmup', latencyMs: 1 }));
    const retried = (provider: string): SampleRecord[] => [
      madeRecord({
        provider,
        pair: 900,
        outcome: 'server',
        latencyMs: null,
        good: null,
        pauseMs: 50,
        costUsd: 0.5,
      }),
      madeRecord({ provider, pair: 900, retry: 1, latencyMs: 100, costUsd: 0.5 }),
    ];
    const answer = await answerOf({ alpha: steady(200, 0), beta: steady(200, 0) }, 9, [
      ...warm(800),
      ...retried('alpha'),
      ...retried('beta'),
    ]);
    expect(answer).toMatchObject({ pairs: 10, incompletePairs: 0 });
    expect(answer.providers[0]?.usdPer1kRequests).toBeCloseTo(100, 6);
    expect(answer.providers[0]?.successRatio).toBe(1);
  });

  test('each turn of a conversation is one', async () => {
    const second = ['alpha', 'beta'].map((provider) => madeRecord({ provider, pair: 0, turn: '2' }));
    expect(
      (await answerOf({ alpha: () => ({ turn: '1' }), beta: () => ({ turn: '1' }) }, 3, second)).pairs,
    ).toBe(4);
  });
});

test('of three, whoever is better than each other is named, and every two are compared', async () => {
  const answer = await answerOf(
    { alpha: steady(200, 0.002), beta: steady(240, 0.002), gamma: steady(240, 0.001) },
    150,
  );
  expect(new Set(answer.differences.map(({ first, second }) => `${first} ${second}`))).toEqual(
    new Set(['alpha beta', 'alpha gamma', 'beta gamma']),
  );
  expect(answer.sentence).toMatch(
    /^alpha is the fastest beyond noise; gamma is the cheapest beyond noise, in 150 pairs/,
  );
  expect(answer.tradeOffs).toHaveLength(3);
  expect(answer.confidence).toBeGreaterThan(0.99);
});

test('of three with no single best, who beats whom is told', async () => {
  const answer = await answerOf(
    { alpha: steady(200, 0.001), beta: steady(240, 0.001), gamma: steady(200, 0.001) },
    150,
  );
  expect(answer.sentence).toBe('alpha and gamma are faster than beta, in 150 pairs of answers.');
});

test.each([
  ['all at once', (pair: number) => pair >= 30 && pair < 45],
  ['now and then', (pair: number) => pair % 5 === 0],
  [
    'in a few clusters',
    (pair: number) => [0, 1, 8, 15, 16, 18, 20, 26, 28, 32, 50, 65, 66, 67, 68].includes(pair),
  ],
])('failures of one of three %s: what is not told has its reason', (_title, fails) => {
  const reply: PairReply = { ok: true, good: true, latencyMs: 1, ttftMs: 1, tpotMs: null, costUsd: 1 };
  const pairs = Array.from({ length: 76 }, (_, at) => ({
    atMs: at,
    replies: [reply, fails(at) ? { ...reply, ok: false, good: false, latencyMs: null } : reply, reply],
  }));
  const { differences } = comparePairs(['alpha', 'beta', 'gamma'], pairs);
  for (const { measure, low, better, reason } of differences.filter(({ measure }) => measure === 'success')) {
    const [, count, needed] = /count as (\d+) .* takes (\d+)/.exec(reason ?? '') ?? [];
    if (count !== undefined) expect(Number(count), `${measure}: ${reason}`).toBeLessThan(Number(needed));
    expect(low === null).toBe(reason !== null);
    expect([null, 'alpha', 'gamma']).toContain(better);
  }
});

test('nothing to compare is an answer too', () => {
  const answer = unanswered(KNOWN, {
    reason: 'beta refused the key',
    failed: new Map([['beta', 'refused the key']]),
    partial: false,
  });
  expect(answerProblems(answer)).toEqual([]);
  expect(answer.sentence).toBe('Nothing was compared: beta refused the key.');
  expect(renderAb(answer)).toContain('beta failed at the start: refused the key');
});
