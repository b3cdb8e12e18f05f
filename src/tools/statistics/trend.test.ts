import { describe, expect, test } from 'vitest';
import { createRandom, standardNormal } from '../../lib/numbers/random.ts';
import { MIN_BLOCKS_OF_TREND, trendOf } from './trend.ts';

const BLOCKS = 120;

/** An autoregression around a line. */
function series(seed: number, { memory = 0, slope = 0, size = BLOCKS }): Float64Array {
  const random = createRandom(seed);
  let value = standardNormal(random);
  return Float64Array.from({ length: size }, (_, at) => {
    value = memory * value + Math.sqrt(1 - memory ** 2) * standardNormal(random);
    return 100 + slope * at + value;
  });
}

function outOf200(options: { memory?: number; slope?: number }): {
  told: number;
  real: number;
  right: number;
} {
  const found = Array.from({ length: 200 }, (_, seed) => trendOf(series(seed, options)));
  const told = found.filter((trend) => trend.kind === 'told');
  const truth = options.slope ?? 0;
  return {
    told: told.length,
    real: told.filter(({ isReal }) => isReal).length,
    right: told.filter(({ low, high }) => low <= truth && truth <= high).length,
  };
}

describe('a trend', () => {
  test.each([0, 0.3, 0.5])('that is none is seen in at most 5 %% and a little, memory %d', (memory) => {
    const { told, real } = outOf200({ memory });
    expect(told).toBeGreaterThan(100);
    // 5 % of 200 are 10; chance alone makes up to 17 of them.
    expect(real).toBeLessThanOrEqual(17);
  });

  test('that is there is seen, and its interval holds it', () => {
    const { real, right } = outOf200({ slope: 0.02 });
    expect(real).toBeGreaterThan(190);
    expect(right).toBeGreaterThanOrEqual(182);
    expect(right).toBeLessThanOrEqual(199);
  });

  test('of what wanders for as long as a trend takes is not told', () => {
    expect(outOf200({ memory: 0.95 }).told).toBeLessThanOrEqual(4);
    expect(trendOf(series(1, { memory: 0.95 }))).toMatchObject({ kind: 'alike', needed: 60 });
  });

  test('of few blocks is not told', () => {
    const size = MIN_BLOCKS_OF_TREND - 1;
    expect(trendOf(series(1, { size }))).toEqual({ kind: 'few', blocks: size, needed: MIN_BLOCKS_OF_TREND });
  });

  test('of a straight line is that line, and of what stays put none', () => {
    const line = Float64Array.from({ length: BLOCKS }, (_, at) => 3 * at);
    expect(trendOf(line)).toMatchObject({ kind: 'told', isReal: true });
    expect(trendOf(new Float64Array(BLOCKS).fill(5))).toMatchObject({
      kind: 'told',
      slope: 0,
      isReal: false,
    });
  });
});
