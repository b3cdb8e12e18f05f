import { expect, test } from 'vitest';
import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import { createRandom } from '../../lib/numbers/random.ts';
import { placedQuantile } from './placed-quantile.ts';

test.each([0, 0.01, 0.05, 0.25, 0.75, 0.9, 0.95, 0.99, 1])(
  'the quantile %d of values by their places is that of the values, ties included',
  (q) => {
    const random = createRandom(`placed ${q}`);
    for (let round = 0; round < 40; round += 1) {
      const [first, second] = [1 + Math.floor(random.next() * 40), 1 + Math.floor(random.next() * 40)].map(
        (count) => Array.from({ length: count }, () => Math.floor(random.next() * 30) / 10),
      );
      const { places, quantileOf } = placedQuantile([first!, second!], q);
      for (const [index, values] of [first!, second!].entries()) {
        const exact = quantile(sortSamples(values), q) ?? Number.NaN;
        expect(quantileOf(places[index]!)).toBeCloseTo(exact, 12);
        expect(quantileOf(places[index]!.toReversed())).toBe(quantileOf(places[index]!));
      }
    }
  },
);
