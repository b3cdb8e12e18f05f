import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { parseMix } from '../../lib/prompts/mix.ts';
import { encodeSample } from '../../lib/samples/sample.ts';
import { answerProblems } from '../../../test/support/answer-schema.ts';
import { madeRecord } from '../results/made-samples.ts';
import { openInput } from '../results/read/open-input.ts';
import { PLOT_SIZES, renderPlot } from '../report/html/plot.ts';
import { answerForecast, type ForecastAnswer, type ForecastRequest } from './forecast-answer.ts';
import { forecastPage } from './forecast-page.ts';
import { renderCostForecast } from './render-cost-forecast.ts';

type Sample = Parameters<typeof madeRecord>[0];

const WANTED: ForecastRequest = {
  volume: { requestsPerDay: 1000, words: '1000 requests a day' },
  days: 30,
  mix: null,
  otherMixes: [],
  pricesFile: null,
};

/** a: 1 / 0.1 cached / 10, twice that above 1,000 input tokens; b: 2 / 4. */
const PRICES = {
  date: '2026-11-01',
  source: 'our contract',
  models: {
    a: {
      input: 1,
      cachedInput: 0.1,
      output: 10,
      tiers: [{ aboveInputTokens: 1000, input: 2, cachedInput: 0.2, output: 20 }],
    },
    b: { input: 2, output: 4 },
  },
};

async function forecastOf(
  samples: readonly Sample[],
  wanted: Partial<ForecastRequest> = {},
): Promise<ForecastAnswer> {
  const folder = folderOfTest('forecast');
  const file = path.join(folder, 'samples.jsonl');
  await writeFile(file, `${samples.map((sample) => encodeSample(madeRecord(sample))).join('\n')}\n`);
  const prices = path.join(folder, 'prices.json');
  await writeFile(prices, JSON.stringify(PRICES));
  const [run] = await openInput(file);
  if (run === undefined) throw new Error('no run');
  const answer = await answerForecast(
    run,
    { ...WANTED, pricesFile: prices, ...wanted },
    { isSample: false, isPartial: false },
  );
  expect(answerProblems(answer)).toEqual([]);
  return answer;
}

describe('dollars, request by request', () => {
  test('cached input and tiers above a length cost what they cost for each request', async () => {
    const { forecast, sentence } = await forecastOf([
      // 800 × 1 + 200 × 0.1 + 50 × 10 = 1,320 millionths.
      { model: 'a', inputTokens: 1000, cachedInputTokens: 200, outputTokens: 50, costUsd: 0.00132 },
      // 3,000 × 2 + 100 × 20 = 8,000.
      { model: 'a', inputTokens: 3000, cachedInputTokens: 0, outputTokens: 100, costUsd: 0.008 },
    ]);
    expect(forecast?.usdPerDay).toBeCloseTo(4.66, 9);
    expect(forecast?.usdPerMonth).toBeCloseTo(139.8, 9);
    expect(forecast?.byModel).toMatchObject([
      {
        model: 'a',
        shareRatio: 1,
        inputTokensPerDay: 2_000_000,
        cachedInputTokensPerDay: 100_000,
        outputTokensPerDay: 75_000,
      },
    ]);
    expect(sentence).toBe('1000 requests a day cost about $4.66 a day, $139.80 in 30 days.');
    expect(forecast?.restsOn.join('\n')).toMatch(/5 % of the input was cached.*\n.*our contract, 2026-11-01/);
  });

  /** Of ten, two fail and cost nothing. */
  const withFailures = (answered: (at: number) => Partial<Sample>): Sample[] =>
    Array.from({ length: 10 }, (_, at) =>
      at < 2
        ? {
            model: 'c',
            outcome: 'server',
            inputTokens: null,
            outputTokens: null,
            costUsd: null,
            uncharged: null,
          }
        : { model: 'c', inputTokens: 100, outputTokens: 100, ...answered(at) },
    );

  test('failures, which cost nothing, price no model that has no price', async () => {
    const samples = withFailures(() => ({ costUsd: null, uncharged: 'unpriced' }));
    const { forecast, sentence } = await forecastOf(samples);
    expect(forecast?.usdPerDay).toBeNull();
    expect(forecast?.restsOn.join()).not.toContain('have no dollars');
    expect(sentence).toMatch(/^Nobody knows/);
  });

  test('answers without token counts cost what those with them do, and never what failures do', async () => {
    const missing = {
      inputTokens: null,
      outputTokens: null,
      costUsd: null,
      uncharged: 'usage_missing',
    } as const;
    const samples = withFailures((at) => (at < 6 ? missing : { costUsd: 0.001 }));
    const mix = parseMix('b', '--mix');
    const { forecast } = await forecastOf(samples, { otherMixes: [mix] });
    // Eight of ten are charged.
    expect(forecast?.usdPerDay).toBeCloseTo(0.8, 9);
    // 100 × 2 + 100 × 4 = 600 millionths.
    expect(forecast?.otherMixes[0]?.usdPerDay).toBeCloseTo(0.48, 9);
  });

  test('retries are folded into the request that they repeat, and failures cost what they were charged', async () => {
    const { forecast } = await forecastOf([
      { model: 'b', inputTokens: 100, outputTokens: 100, costUsd: 0.0006 },
      {
        model: 'b',
        outcome: 'rate_limited',
        inputTokens: null,
        outputTokens: null,
        costUsd: null,
        pauseMs: 100,
        good: null,
      },
      { model: 'b', retry: 1, inputTokens: 100, outputTokens: 100, costUsd: 0.0006 },
    ]);
    // Two requests, 1,200 millionths.
    expect(forecast?.usdPerDay).toBeCloseTo(0.6, 9);
    expect(forecast?.byModel[0]?.inputTokensPerDay).toBeCloseTo(100_000, 6);
  });

  test('what told no tokens counts as the others on average, and it is said', async () => {
    const told = { model: 'b', inputTokens: 100, outputTokens: 100, costUsd: 0.0006 };
    const { forecast } = await forecastOf([
      told,
      { model: 'b', inputTokens: null, outputTokens: null, costUsd: null, uncharged: 'usage_missing' },
    ]);
    expect(forecast?.usdPerDay).toBeCloseTo(0.6, 9);
    expect(forecast?.restsOn).toContainEqual(expect.stringContaining('1 of 2 attempts have no dollars'));
  });

  test('without prices named now, what the run was charged counts, and a difference to the table is said', async () => {
    const sample = { model: 'gpt-4.1', inputTokens: 1000, outputTokens: 1000, costUsd: 0.02 };
    const { forecast } = await forecastOf([sample, sample], { pricesFile: null });
    expect(forecast?.usdPerDay).toBeCloseTo(20, 9);
    expect(forecast?.restsOn).toContainEqual(
      expect.stringMatching(/charged \$0.0400 where the prices above say \$0.0200/),
    );
  });

  test('the warm-up, whose caches are cold, is left out', async () => {
    const { forecast } = await forecastOf([
      { phase: 'warmup', model: 'b', inputTokens: 9000, outputTokens: 9000, costUsd: 1 },
      { model: 'b', inputTokens: 100, outputTokens: 100, costUsd: 0.0006 },
    ]);
    expect(forecast?.usdPerDay).toBeCloseTo(0.6, 9);
  });
});

test('a run that filled the cache counts with the input of its second half, and the output of all', async () => {
  const asked = (at: number): Sample => {
    const isWarm = at >= 20;
    const outputTokens = isWarm ? 30 : 50;
    const cachedInputTokens = isWarm ? 500 : 0;
    const inputUsd = isWarm ? 500 + 50 : 1000;
    return {
      model: 'a',
      inputTokens: 1000,
      cachedInputTokens,
      outputTokens,
      costUsd: (inputUsd + outputTokens * 10) / 1e6,
    };
  };
  const { forecast } = await forecastOf(Array.from({ length: 40 }, (_, at) => asked(at)));
  // 550 millionths of warm input, 40 tokens of output at 10.
  expect(forecast?.usdPerDay).toBeCloseTo(0.95, 9);
  expect(forecast?.byModel[0]).toMatchObject({
    outputTokensPerDay: 40_000,
    cachedInputTokensPerDay: 500_000,
  });
  expect(forecast?.restsOn).toContainEqual(
    expect.stringMatching(/first half filled the prompt cache \(0 % of the input cached, then 50 %\)/),
  );
});

describe('another mix', () => {
  const RUN: Sample[] = [
    { model: 'a', inputTokens: 1000, cachedInputTokens: 0, outputTokens: 100, costUsd: 0.002 },
    { model: 'a', inputTokens: 1000, cachedInputTokens: 0, outputTokens: 100, costUsd: 0.002 },
    { model: 'c', inputTokens: 1000, cachedInputTokens: 0, outputTokens: 400, costUsd: 0.005 },
  ];

  test('stands beside the measured one: models of the run with their own tokens, others with those of all', async () => {
    const { forecast, sentence } = await forecastOf(RUN, {
      otherMixes: [parseMix('a', '--mix'), parseMix('a=1,b=3', '--mix')],
    });
    expect(forecast?.mix).toBe('a=2,c');
    expect(forecast?.usdPerDay).toBeCloseTo(3, 9);
    const [onlyA, withB] = forecast?.otherMixes ?? [];
    expect(onlyA?.usdPerDay).toBeCloseTo(2, 9);
    // b: 1,000 in and 200 out on average, 2,800 millionths.
    expect(withB?.usdPerDay).toBeCloseTo(0.25 * 2 + 0.75 * 2.8, 9);
    expect(withB?.byModel.map(({ measured }) => measured)).toEqual([true, false]);
    expect(sentence).toContain('a would cost $2.00 a day, 33.3 % less');
    expect(forecast?.restsOn).toContainEqual(expect.stringContaining('b was not asked'));
    for (const line of renderCostForecast(forecast ?? fail()).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(PLOT_SIZES)('is drawn against volumes that the axis tells, $name', async (size) => {
    const { forecast } = await forecastOf(RUN, { otherMixes: [parseMix('a', '--mix')] });
    const [plot] = forecastPage(forecast ?? fail()).plots;
    const [drawn] = renderPlot(plot ?? fail(), [size]);
    for (const label of ['0', '1000', '2000']) expect(drawn).toMatch(new RegExp(`>${label}</text>`));
  });

  test('a model without a price is named, and never free', async () => {
    const { forecast, sentence } = await forecastOf(RUN, { otherMixes: [parseMix('nobody-knows', '--mix')] });
    expect(forecast?.otherMixes[0]).toMatchObject({ usdPerDay: null, usdPerMonth: null });
    expect(sentence).toContain('what nobody-knows would cost nobody knows');
  });

  test('a run of models without a price has no dollars', async () => {
    const unpriced = {
      model: 'x',
      inputTokens: 10,
      outputTokens: 10,
      costUsd: null,
      uncharged: 'unpriced' as const,
    };
    const { forecast, sentence } = await forecastOf([unpriced]);
    expect(forecast).toMatchObject({ usdPerDay: null, usdPerMonth: null });
    expect(sentence).toBe(
      'Nobody knows what 1000 requests a day cost: x has no price; LLM_PRICES names one.',
    );
  });
});

test('the dollars of a day have an interval by how requests differ, with enough of them', async () => {
  const samples = Array.from({ length: 100 }, (_, at): Sample => ({
    model: 'b',
    inputTokens: 0,
    outputTokens: at % 2 === 0 ? 50 : 150,
    costUsd: at % 2 === 0 ? 0.0002 : 0.0006,
  }));
  const { forecast } = await forecastOf(samples);
  // 0.4 ± 1.984 × 0.201 / 10.
  expect(forecast?.usdPerDay).toBeCloseTo(0.4, 9);
  expect(forecast?.usdPerDayLow).toBeCloseTo(0.3601, 3);
  expect(forecast?.usdPerDayHigh).toBeCloseTo(0.4399, 3);
});

test('a run without a finished request is refused', async () => {
  await expect(forecastOf([{ phase: 'warmup' }])).rejects.toThrow(/no finished request to forecast from/);
});

function fail(): never {
  throw new Error('there is a forecast');
}
