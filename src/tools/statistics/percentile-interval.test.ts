import { describe, expect, test } from 'vitest';
import { createRandom, exponential } from '../../lib/numbers/random.ts';
import { percentileInterval } from './percentile-interval.ts';
import type { TrendBlocks } from './run-blocks.ts';

/** Values in the order in which they came, cut into blocks of equal length. */
function trendOf(values: readonly number[], blockCount: number): TrendBlocks {
  const distinct = Float64Array.from(new Set(values)).sort();
  const bins = new Map([...distinct].map((value, bin) => [value, bin]));
  const width = values.length / blockCount;
  const blocks = Array.from({ length: blockCount }, (_, block) => {
    const own = values.slice(Math.round(block * width), Math.round((block + 1) * width));
    return {
      bins: Uint32Array.from(own, (value) => bins.get(value) ?? 0),
      counts: new Float64Array(own.length).fill(1),
    };
  });
  return { values: distinct, blocks, count: values.length };
}

/** Sojourn times of one server and its queue, in its steady state; 1 is what a request alone takes. */
function queue(load: number, { count, seed }: { count: number; seed: number }): number[] {
  const random = createRandom(seed);
  let wait = random.next() < load ? exponential(random) / (1 - load) : 0;
  return Array.from({ length: count }, () => {
    const sojourn = wait + exponential(random);
    wait = Math.max(0, sojourn - exponential(random) / load);
    return sojourn;
  });
}

const truth = (q: number, load: number): number => -Math.log(1 - q) / (1 - load);

describe('the interval of a percentile', () => {
  // Shares of a hundred that claim one: enough where requests are all but independent, none in a short run under load.
  // How often they are right, to a percentage point, is what `npm run bench -- --only statistics` measures.
  test.each([
    [0.01, 0.5, { least: 98, most: 100 }],
    [0.01, 0.95, { least: 90, most: 100 }],
    [0.5, 0.5, { least: 70, most: 100 }],
    [0.5, 0.95, { least: 0, most: 3 }],
    [0.8, 0.95, { least: 0, most: 0 }],
    [0.9, 0.5, { least: 0, most: 1 }],
    [0.9, 0.95, { least: 0, most: 0 }],
  ])('at load %d, p%d is claimed by %o of 100, and is neither too narrow nor too wide', (load, q, claims) => {
    let [claimed, right] = [0, 0];
    for (let seed = 0; seed < 100; seed += 1) {
      const found = percentileInterval(trendOf(queue(load, { count: 1000, seed }), 150), q);
      if (found.kind !== 'bounds') continue;
      claimed += 1;
      if (found.low <= truth(q, load) && found.high >= truth(q, load)) right += 1;
    }
    expect(claimed).toBeGreaterThanOrEqual(claims.least);
    expect(claimed).toBeLessThanOrEqual(claims.most);
    // Of a hundred intervals, chance alone leaves 90 to 99 right of a true 95.
    if (claims.least === 0) return;
    expect(right / claimed).toBeGreaterThanOrEqual(0.89);
    expect(right / claimed).toBeLessThanOrEqual(0.995);
  });

  test('of few samples, or of few blocks, says which', () => {
    const values = queue(0.01, { count: 80, seed: 1 });
    expect(percentileInterval(trendOf(values, 40), 0.99)).toEqual({ kind: 'few', count: 80, needed: 368 });
    const found = percentileInterval(trendOf(values, 5), 0.5);
    const sorted = values.toSorted((a, b) => a - b);
    // Ranks 31 and 50 bound the median of 80 with 96.5 % (binomial tables); 95 % lies a little within.
    expect(found).toMatchObject({ kind: 'assumed' });
    if (found.kind !== 'assumed') return;
    expect(found.low).toBeGreaterThan(sorted[30] ?? Infinity);
    expect(found.low).toBeLessThan(sorted[32] ?? 0);
    expect(found.high).toBeLessThan(sorted[49] ?? 0);
    expect(found.high).toBeGreaterThan(sorted[47] ?? Infinity);
  });

  test('of neighbours alike says how many independent ones they are worth', () => {
    const found = percentileInterval(trendOf(queue(0.9, { count: 1000, seed: 3 }), 150), 0.95);
    expect(found.kind).toBe('alike');
    if (found.kind === 'alike') expect(found.effective).toBeLessThan(found.needed);
  });

  test('that cannot be had never says that there is enough for it', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const found = percentileInterval(trendOf(queue(0.01, { count: 420, seed }), 50), 0.99);
      if (found.kind === 'alike') expect(Math.ceil(found.effective)).toBeLessThan(Math.ceil(found.needed));
      else expect(found.kind).toBe('bounds');
    }
  });

  test('of one value is that value', () => {
    const found = percentileInterval(
      trendOf(
        Array.from({ length: 200 }, () => 7),
        50,
      ),
      0.95,
    );
    expect(found).toEqual({ kind: 'bounds', low: 7, high: 7 });
  });
});
