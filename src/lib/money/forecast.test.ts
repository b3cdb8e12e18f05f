import { describe, expect, test } from 'vitest';
import { type RequestGroup, type Demand, forecast, preflightCost, requestsOf } from './forecast.ts';
import { judgeBudget, renderForecast } from './render-forecast.ts';
import { formatUsd } from '../text/format.ts';
import type { Load } from '../load/load.ts';
import { readPriceFile } from './price-file.ts';
import { createPricing } from './pricing.ts';
import { BASELINE, STRESS } from '../load/scenario-parts.ts';

const builtIn = readPriceFile(
  { models: { a: { input: 2, output: 8 }, b: { input: 10, output: 10 } } },
  'prices.json',
);
function group(model: string, requests: number): RequestGroup {
  return {
    kind: 'chat',
    model,
    requests,
    leastRequests: requests,
    mostRequests: requests,
    inputTokens: 100,
    minInputTokens: 100,
    maxInputTokens: 100,
    outputTokens: 200,
    maxOutputTokens: 800,
  };
}
const DEMAND: Demand = {
  groups: [group('a', 750), group('b', 250)],
  latency: null,
  pricing: createPricing({ builtIn, provider: 'mock' }),
};

describe('requestsOf', () => {
  test.each<[string, Load, number]>([
    ['iterations are counted', { kind: 'iterations', count: 5 }, 5],
    [
      'an open load is the integral of its rate',
      {
        kind: 'open',
        stages: [
          { durationMs: 10_000, fromPerSec: 0, toPerSec: 10 },
          { durationMs: 5000, fromPerSec: 10, toPerSec: 10 },
        ],
      },
      100,
    ],
    [
      'a closed load is VU-seconds over the length of an iteration',
      {
        kind: 'closed',
        stages: [
          { durationMs: 10_000, fromVus: 0, toVus: 10 },
          { durationMs: 10_000, fromVus: 10, toVus: 10 },
        ],
        expectedLatencyMs: 2000,
        thinkTimeMeanMs: 1000,
      },
      50,
    ],
    [
      'no pause and no latency is no forecast, not infinity',
      {
        kind: 'closed',
        stages: [{ durationMs: 1, fromVus: 1, toVus: 1 }],
        expectedLatencyMs: 0,
        thinkTimeMeanMs: 0,
      },
      0,
    ],
    ['no stages, no requests', { kind: 'open', stages: [] }, 0],
  ])('%s', (_, load, expected) => {
    expect(requestsOf(load)).toBe(expected);
  });

  test('an iteration may be several requests, where iterations are counted or arrive', () => {
    expect(requestsOf({ kind: 'iterations', count: 5 }, 3)).toBe(15);
    const stages = [{ durationMs: 10_000, fromPerSec: 2, toPerSec: 2 }];
    expect(requestsOf({ kind: 'open', stages }, 3)).toBe(60);
  });

  test('a user pauses after each turn of a conversation', () => {
    const load: Load = {
      kind: 'closed',
      stages: [{ durationMs: 70_000, fromVus: 1, toVus: 1 }],
      expectedLatencyMs: 2000,
      thinkTimeMeanMs: 1000,
    };
    expect(requestsOf(load, 3)).toBe(requestsOf(load));
  });

  test('the scenarios as they ship', () => {
    expect(requestsOf(BASELINE.load)).toBe(2600);
    expect(requestsOf(STRESS.load)).toBe(120 * (10.5 + 35 + 75 + 150));
  });
});

describe('forecast', () => {
  test('tokens and dollars by model, expected and at worst', () => {
    const { figures, worstCostUsd, byModel, unpricedModels } = forecast(DEMAND);
    expect(figures.requests).toBe(1000);
    expect(figures.inputTokens).toBe(100_000);
    expect(figures.outputTokens).toBe(200_000);
    // a: 750 × (100 × 2 + 200 × 8) = 1.35; b: 250 × 300 × 10 = 0.75.
    expect(figures.costUsd).toBeCloseTo(2.1, 9);
    // a: 750 × (100 × 2 + 800 × 8) = 4.95; b: 250 × 900 × 10 = 2.25.
    expect(worstCostUsd).toBeCloseTo(7.2, 9);
    expect(byModel.map(({ model, requests }) => [model, requests])).toEqual([
      ['a', 750],
      ['b', 250],
    ]);
    expect(unpricedModels).toEqual([]);
  });

  test('as few and as many requests as all models together may get', () => {
    const some = { ...group('a', 2), leastRequests: 1.5, mostRequests: 2.5 };
    const others = { ...group('b', 3), leastRequests: 2.6, mostRequests: 3.6 };
    const { leastRequests, mostRequests } = forecast({ ...DEMAND, groups: [some, others] });
    expect([leastRequests, mostRequests]).toEqual([4, 7]);
  });

  test('a model that has a price for what it reads alone is as one without, at its worst too', () => {
    const prices = { models: { a: { input: 2, output: 8 }, reads: { input: 5 } } };
    const pricing = createPricing({ builtIn: readPriceFile(prices, 'p'), provider: 'mock' });
    const groups = [group('a', 500), group('reads', 500)];
    const { figures, leastCostUsd, worstCostUsd, unpricedModels } = forecast({ ...DEMAND, groups, pricing });
    expect(unpricedModels).toEqual(['reads']);
    expect(figures.costUsd).toBeCloseTo(0.9, 9);
    expect(leastCostUsd).toBeCloseTo(0.104, 9);
    expect(worstCostUsd).toBeCloseTo(3.3, 9);
    const cost = preflightCost(groups, { pricing, maxTokens: 16, mostTries: 4 });
    expect(cost.likelyUsd).toBeCloseTo(0.000_328, 9);
    expect(cost.mostUsd).toBeCloseTo(0.001_312, 9);
    // What writes nothing needs no price for it.
    const texts = { ...group('reads', 10), outputTokens: 0, maxOutputTokens: 0 };
    expect(forecast({ ...DEMAND, groups: [texts], pricing }).worstCostUsd).toBeCloseTo(0.005, 9);
  });

  test('a model without a price is named, and its dollars are left out', () => {
    const mixed = forecast({ ...DEMAND, groups: [group('a', 500), group('unheard-of', 500)] });
    expect(mixed.unpricedModels).toEqual(['unheard-of']);
    expect(mixed.figures.costUsd).toBeCloseTo(0.9, 9);
    const none = forecast({ ...DEMAND, groups: [group('unheard-of', 500)] });
    expect(none.figures.costUsd).toBeNull();
    expect(none.worstCostUsd).toBeNull();
  });
});

describe('forecast of requests of several kinds', () => {
  test('each model by the lengths of its own', () => {
    const { byModel } = forecast({
      ...DEMAND,
      groups: [
        {
          kind: 'chat',
          model: 'a',
          requests: 300,
          leastRequests: 300,
          mostRequests: 300,
          inputTokens: 10,
          minInputTokens: 10,
          maxInputTokens: 10,
          outputTokens: 125,
          maxOutputTokens: 500,
        },
        {
          kind: 'chat',
          model: 'b',
          requests: 200,
          leastRequests: 200,
          mostRequests: 200,
          inputTokens: 20,
          minInputTokens: 20,
          maxInputTokens: 20,
          outputTokens: 25,
          maxOutputTokens: 100,
        },
        {
          kind: 'chat',
          model: 'a',
          requests: 100,
          leastRequests: 100,
          mostRequests: 100,
          inputTokens: 30,
          minInputTokens: 30,
          maxInputTokens: 30,
          outputTokens: 15,
          maxOutputTokens: 50,
        },
      ],
    });
    expect(byModel).toEqual([
      // 6000 × 2 + 39,000 × 8 millionths; at worst 155,000 × 8.
      {
        model: 'a',
        requests: 400,
        inputTokens: 6000,
        outputTokens: 39_000,
        costUsd: expect.closeTo(0.324, 9),
        // 6000 × 2 and 400 × 8 millionths: prompts, and one token each.
        leastCostUsd: expect.closeTo(0.0152, 9),
        worstCostUsd: expect.closeTo(1.252, 9),
      },
      {
        model: 'b',
        requests: 200,
        inputTokens: 4000,
        outputTokens: 5000,
        costUsd: expect.closeTo(0.09, 9),
        leastCostUsd: expect.closeTo(0.042, 9),
        worstCostUsd: expect.closeTo(0.24, 9),
      },
    ]);
  });

  test('requests are whole, and so are the tokens of whole requests', () => {
    const { figures } = forecast({ ...DEMAND, groups: [group('a', 9.6)] });
    expect([figures.requests, figures.inputTokens, figures.outputTokens]).toEqual([10, 1000, 2000]);
    // 10 × (100 × 2 + 200 × 8) millionths.
    expect(figures.costUsd).toBeCloseTo(0.018, 12);
    expect(forecast({ ...DEMAND, groups: [group('a', 0)] }).figures).toEqual({
      requests: 0,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
    });
  });
});

describe('renderForecast', () => {
  test('says requests, tokens and dollars', () => {
    expect(renderForecast(forecast(DEMAND))).toEqual([
      'about 1000 requests, 100000 tokens in, 200000 out',
      'about $2.100000; $0.408500 with short answers and cached prompts, $7.200000 if every answer is as long as its limit',
    ]);
  });

  test('says what it hangs on, and what has no price', () => {
    const lines = renderForecast(
      forecast({
        ...DEMAND,
        groups: [group('unheard-of', 2600)],
        latency: { leastMs: 5000, likelyMs: 5000, mostMs: 5000, measured: false },
      }),
    );
    expect(lines).toEqual([
      'about 2600 requests, 260000 tokens in, 520000 out (if answers take LLM_EXPECTED_LATENCY)',
      'no price for unheard-of: name one in LLM_PRICES',
    ]);
  });
});

describe('what a forecast hangs on, in words', () => {
  const groups = [{ ...group('a', 1000), leastRequests: 900, mostRequests: 1200 }];

  test('the latency expected, where none was measured', () => {
    const latency = { leastMs: 5000, likelyMs: 5000, mostMs: 5000, measured: false };
    expect(renderForecast(forecast({ ...DEMAND, groups, latency }))).toEqual([
      'about 1000 requests, 100000 tokens in, 200000 out (if answers take LLM_EXPECTED_LATENCY)',
      'about $1.800000, and $7.920000 if every answer is as long as its limit',
    ]);
  });

  test('the latency that was measured, and how many requests it makes likely', () => {
    const latency = { leastMs: 200, likelyMs: 400, mostMs: 800, measured: true };
    expect(renderForecast(forecast({ ...DEMAND, groups, latency }))).toEqual([
      "about 1000 requests, 100000 tokens in, 200000 out (900 to 1200 requests, if answers take 200 to 800 ms, as preflight's make likely)",
      'about $1.800000; $0.187200 with short answers and cached prompts, $7.920000 if every answer is as long as its limit',
    ]);
  });

  test('every model without a price, beside those that have one', () => {
    const lines = renderForecast(forecast({ ...DEMAND, groups: [...groups, group('x', 1), group('y', 1)] }));
    expect(lines.at(-1)).toBe('no price for x, y (not in these dollars): name one in LLM_PRICES');
  });
});

describe('preflight', () => {
  test('costs one small answer a model, or as many as may be refused at the most', () => {
    const { groups, pricing } = DEMAND;
    const longer = { ...group('a', 5), inputTokens: 900, maxInputTokens: 900 };
    const cost = preflightCost([...groups, longer, group('free', 9)], {
      pricing,
      maxTokens: 16,
      mostTries: 4,
    });
    const oneOfEach = (100 * 2 + 16 * 8 + 100 * 10 + 16 * 10) / 1e6;
    expect(cost.likelyUsd).toBeCloseTo(oneOfEach, 12);
    expect(cost.mostUsd).toBeCloseTo(4 * oneOfEach, 12);
    const twice = [group('a', 5), { ...group('a', 5), kind: 'completions' }];
    const both = preflightCost(twice, { pricing, maxTokens: 16, mostTries: 4 });
    expect(both.likelyUsd).toBeCloseTo((2 * (100 * 2 + 16 * 8)) / 1e6, 12);
  });

  test('is part of what is told of dollars, and of what a budget is held against', () => {
    const before = forecast(DEMAND);
    const after = forecast({ ...DEMAND, preflight: { likelyUsd: 1, mostUsd: 2 } });
    expect(after.figures).toEqual(before.figures);
    expect(renderForecast(before)[1]).toBe(
      `about ${formatUsd(2.1)}; ${formatUsd(before.leastCostUsd)} with short answers and cached prompts, ${formatUsd(before.worstCostUsd)} if every answer is as long as its limit`,
    );
    expect(renderForecast(after)[1]).toBe(
      `about ${formatUsd(3.1)}; ${formatUsd(before.leastCostUsd)} with short answers and cached prompts, ${formatUsd((before.worstCostUsd ?? 0) + 2)} if every answer is as long as its limit`,
    );
    expect(judgeBudget(before, 3).kind).toBe('within');
    expect(judgeBudget(after, 3).kind).toBe('over');
  });
});

describe('judgeBudget', () => {
  const withUnpriced = forecast({
    ...DEMAND,
    groups: [group('a', 500), group('unheard-of', 500)],
  });

  test('the budget itself is within', () => {
    expect(judgeBudget(forecast(DEMAND), 2.11).kind).toBe('within');
    expect(judgeBudget(forecast(DEMAND), 2.09)).toEqual({
      kind: 'over',
      message: 'the forecast of $2.100000 is over the budget of $2.090000',
    });
  });

  test('the budget to the cent is within', () => {
    const figures = { requests: 1, inputTokens: 1, outputTokens: 1, costUsd: 2 };
    const rest = { unpricedModels: [], preflight: { likelyUsd: 0.5, mostUsd: 9 } };
    expect(judgeBudget({ figures, ...rest }, 2.5)).toEqual({ kind: 'within' });
    expect(judgeBudget({ figures, ...rest }, 2.4).kind).toBe('over');
    expect(judgeBudget({ figures: { ...figures, costUsd: null }, ...rest }, 0).kind).toBe('within');
  });

  test('without every price nobody knows, unless the others are over already', () => {
    expect(judgeBudget({ ...withUnpriced, unpricedModels: ['x', 'y'] }, 100)).toEqual({
      kind: 'unknown',
      message: 'x, y has no price, so the budget cannot be held: name it in LLM_PRICES',
    });
    expect(judgeBudget(withUnpriced, 0.1).kind).toBe('over');
  });
});
