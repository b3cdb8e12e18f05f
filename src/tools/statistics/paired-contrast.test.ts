import { describe, expect, test } from 'vitest';
import { createRandom, standardNormal } from '../../lib/numbers/random.ts';
import { middleOf, pairedBounds, pairedQuantileBounds } from './paired-contrast.ts';

/** Pairs that share what their prompt makes of both, and differ by 5 on average. */
function made(
  seed: number,
  { count, shared, memory = 0 }: { count: number; shared: number; memory?: number },
) {
  const random = createRandom(`pairs ${seed}`);
  const first = new Float64Array(count);
  const second = new Float64Array(count);
  let drift = 0;
  for (let at = 0; at < count; at += 1) {
    const prompt = shared * standardNormal(random);
    drift = memory * drift + standardNormal(random) * Math.sqrt(1 - memory ** 2);
    first[at] = 200 + prompt + 10 * standardNormal(random);
    second[at] = 205 + prompt + (memory > 0 ? 10 * drift : 10 * standardNormal(random));
  }
  return { first, second };
}

function covered(bounds: (seed: number) => ReturnType<typeof pairedBounds>, truth: number, repeats = 300) {
  let [right, claimed, width] = [0, 0, 0];
  for (let seed = 0; seed < repeats; seed += 1) {
    const found = bounds(seed);
    if (found.kind !== 'bounds') continue;
    claimed += 1;
    width += found.high - found.low;
    if (found.low <= truth && truth <= found.high) right += 1;
  }
  return { claimed, ratio: right / claimed, width: width / claimed };
}

function meanBounds({ first, second }: ReturnType<typeof made>): ReturnType<typeof pairedBounds> {
  const differences = second.map((value, at) => value - (first[at] ?? 0));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return pairedBounds(
    mean,
    differences.map((value) => (value - mean) / differences.length),
    0.95,
  );
}

describe('bounds of a mean difference', () => {
  test('hold the truth 19 times of 20, however much a prompt makes of both', () => {
    for (const shared of [0, 100]) {
      const { claimed, ratio, width } = covered((seed) => meanBounds(made(seed, { count: 100, shared })), 5);
      expect(claimed).toBe(300);
      expect(ratio).toBeGreaterThan(0.92);
      // 2 × 1.98 × 14.1 / 10, and a margin for what neighbours may share.
      expect(width).toBeLessThan(8);
    }
  });

  test('are wider where one provider drifts', () => {
    const drifting = covered((seed) => meanBounds(made(seed, { count: 400, shared: 0, memory: 0.9 })), 5);
    expect(drifting.ratio).toBeGreaterThan(0.9);
    expect(drifting.width).toBeGreaterThan(5);
  });

  test('are none of a few pairs, and no wider than the truth where nothing varies', () => {
    expect(meanBounds(made(1, { count: 5, shared: 0 })).kind).toBe('few');
    expect(pairedBounds(3, new Float64Array(50), 0.95)).toEqual({ kind: 'bounds', low: 3, high: 3 });
  });
});

describe('bounds of a difference between quantiles', () => {
  test.each([
    [0.5, 0],
    [0.5, 30],
    [0.95, 0],
    [0.95, 30],
  ])('p%d hold the truth, where prompts make %d ms of both', (q, shared) => {
    const bounds = (seed: number) =>
      pairedQuantileBounds(made(seed, { count: 300, shared }), q, 0.95).contrast;
    const { claimed, ratio } = covered(bounds, 5);
    expect(claimed).toBeGreaterThan(285);
    expect(ratio).toBeGreaterThan(0.93);
  });

  test('are narrower for pairs than for strangers', () => {
    const paired = covered(
      (seed) => pairedQuantileBounds(made(seed, { count: 200, shared: 50 }), 0.5, 0.95).contrast,
      5,
      40,
    );
    const strangers = covered(
      (seed) =>
        pairedQuantileBounds(
          {
            first: made(seed, { count: 200, shared: 50 }).first,
            second: made(seed + 1000, { count: 200, shared: 50 }).second,
          },
          0.5,
          0.95,
        ).contrast,
      5,
      40,
    );
    expect(paired.width).toBeLessThan(0.6 * strangers.width);
  });

  test('of a p95 take more pairs than a median, and say how many', () => {
    const contrast = pairedQuantileBounds(made(1, { count: 80, shared: 0 }), 0.95, 0.99).contrast;
    expect(contrast.kind).toBe('few');
    if (contrast.kind === 'few') expect(contrast.needed).toBeGreaterThan(contrast.effective);
    expect(pairedQuantileBounds(made(1, { count: 80, shared: 0 }), 0.5, 0.99).contrast.kind).toBe('bounds');
  });
});

describe('the middle of differences', () => {
  const boundsOf = (differences: Float64Array): ReturnType<typeof pairedBounds> => {
    const { value, pulls } = middleOf(differences);
    return pairedBounds(value, pulls, 0.95);
  };
  const normal = (seed: number, count: number, farRatio: number): Float64Array => {
    const random = createRandom(`middle ${seed}`);
    return Float64Array.from({ length: count }, () => {
      const isFar = random.next() < farRatio;
      return 5 + (isFar ? 100 : 10) * standardNormal(random);
    });
  };

  test('holds the truth, and is as sharp as a mean', () => {
    const { ratio, width } = covered((seed) => boundsOf(normal(seed, 100, 0)), 5);
    expect(ratio).toBeGreaterThan(0.92);
    expect(width).toBeLessThan(5.6);
  });

  test('is hardly moved by one in twenty that is far off', () => {
    const { ratio, width } = covered((seed) => boundsOf(normal(seed, 100, 0.05)), 5);
    expect(ratio).toBeGreaterThan(0.92);
    expect(width).toBeLessThan(6.2);
  });

  test('is what all say, and the mean where most say the same', () => {
    expect(middleOf(Float64Array.of(3, 3, 3)).value).toBe(3);
    expect(middleOf(Float64Array.of(3, 3, 3, 3, 8)).value).toBe(4);
    expect(middleOf(Float64Array.of(7)).value).toBe(7);
  });
});
