import { describe, expect, test } from 'vitest';
import {
  coefficientOfVariation,
  correlation,
  ksDistance,
  ksPValue,
  mean,
  standardDeviation,
} from '../../../test/support/statistics.ts';
import { exp, ln } from './exact-math.ts';
import {
  createRandom,
  createUnitStream,
  exponential,
  gamma,
  hashUnit,
  indexOf,
  lognormal,
  type Random,
  randomFor,
  standardNormal,
} from './random.ts';

const COUNT = 20_000;

function draw(sample: (random: Random) => number, seed: number | string = 42): number[] {
  const random = createRandom(seed);
  return Array.from({ length: COUNT }, () => sample(random));
}

const uniform = (value: number): number => value;

describe('random', () => {
  test('the first numbers of seed 42 never change', () => {
    const random = createRandom(42);
    expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
      [
        0.9551532077629269,
        0.7208410947656536,
        0.07111892243715401,
      ]
    `);
    expect([hashUnit(42, 'prompt', 0), hashUnit(42, 'prompt', 1)]).toMatchInlineSnapshot(`
      [
        0.02695925729220161,
        0.5300740311025988,
      ]
    `);
  });

  test('seeds, names and order matter', () => {
    const units = [
      hashUnit(1, 'a', 0),
      hashUnit(2, 'a', 0),
      hashUnit(1, 'b', 0),
      hashUnit(1, 'a', 1),
      hashUnit(1, 0, 'a'),
      hashUnit(1, 'a', '0'),
      hashUnit('1', 'a', 0),
      hashUnit(1 + 2 ** 32, 'a', 0),
      hashUnit(Number.MAX_SAFE_INTEGER, 'a', 0),
      hashUnit(Number.MAX_SAFE_INTEGER - 2 ** 33, 'a', 0),
    ];
    expect(new Set(units).size).toBe(units.length);
  });

  test('a stream depends on its seed, its name and the index alone', () => {
    const numbers = (seed: number, name: string): number[] =>
      Array.from({ length: 100 }, (_, index) => createUnitStream(seed, name)(index));
    expect(numbers(7, 'prompt')).toEqual(numbers(7, 'prompt'));
    expect(numbers(7, 'prompt')).not.toEqual(numbers(8, 'prompt'));
    expect(numbers(7, 'prompt')).not.toEqual(numbers(7, 'think'));
  });

  test('two streams are not the same one shifted', () => {
    const long = new Set(Array.from({ length: COUNT }, (_, index) => createUnitStream(1, 'a')(index)));
    const shared = Array.from({ length: COUNT }, (_, index) => createUnitStream(2, 'a')(index)).filter(
      (unit) => long.has(unit),
    );
    expect(shared.length).toBeLessThan(5);
  });

  test.each<[string, number[]]>([
    ['generator', draw((random) => random.next())],
    ['hash of consecutive indexes', Array.from({ length: COUNT }, (_, i) => hashUnit(42, 'x', i))],
    ['stream', Array.from({ length: COUNT }, (_, i) => createUnitStream(42, 'x')(i))],
    [
      'first of streams of consecutive seeds',
      Array.from({ length: COUNT }, (_, i) => createUnitStream(i, 'prompt')(0)),
    ],
    ['hash of consecutive seeds', Array.from({ length: COUNT }, (_, i) => hashUnit(i, 'x', 0))],
    [
      'first number of consecutive generators',
      Array.from({ length: COUNT }, (_, i) => randomFor(42, i).next()),
    ],
  ])('%s: uniform, without correlation between neighbours', (_, sample) => {
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    expect(ksPValue(ksDistance(sample, uniform), COUNT)).toBeGreaterThan(0.01);
    expect(Math.abs(correlation(sample.slice(1), sample.slice(0, -1)))).toBeLessThan(3 / Math.sqrt(COUNT));
  });

  test('streams of different names are independent', () => {
    const a = Array.from({ length: COUNT }, (_, i) => hashUnit(42, 'mix', i));
    const b = Array.from({ length: COUNT }, (_, i) => hashUnit(42, 'prompt', i));
    expect(Math.abs(correlation(a, b))).toBeLessThan(3 / Math.sqrt(COUNT));
  });

  test('exponential: mean 1, cv 1, the right shape', () => {
    const sample = draw(exponential);
    expect(mean(sample)).toBeCloseTo(1, 1);
    expect(coefficientOfVariation(sample)).toBeCloseTo(1, 1);
    expect(
      ksPValue(
        ksDistance(sample, (value) => 1 - Math.exp(-value)),
        COUNT,
      ),
    ).toBeGreaterThan(0.01);
  });

  test('normal: mean 0, deviation 1, 68 % within one deviation', () => {
    const sample = draw(standardNormal);
    expect(Math.abs(mean(sample))).toBeLessThan(3 / Math.sqrt(COUNT));
    expect(standardDeviation(sample)).toBeCloseTo(1, 1);
    expect(sample.filter((value) => Math.abs(value) < 1).length / COUNT).toBeCloseTo(0.6827, 1);
  });

  test.each([0.1, 0.25, 1, 4, 100])('gamma of shape %f: mean and variance equal the shape', (shape) => {
    const sample = draw((random) => gamma(random, shape));
    expect(Math.abs(mean(sample) / shape - 1)).toBeLessThan(5 / Math.sqrt(shape * COUNT));
    expect(Math.abs(coefficientOfVariation(sample) * Math.sqrt(shape) - 1)).toBeLessThan(0.1);
  });

  test('gamma of shape 1 is the exponential', () => {
    const sample = draw((random) => gamma(random, 1));
    expect(
      ksPValue(
        ksDistance(sample, (value) => 1 - Math.exp(-value)),
        COUNT,
      ),
    ).toBeGreaterThan(0.01);
  });

  test('lognormal: half the draws lie below the median', () => {
    const sample = draw((random) => lognormal(random, 300, 0.7));
    expect(sample.filter((value) => value < 300).length / COUNT).toBeCloseTo(0.5, 1);
    expect(standardDeviation(sample.map(Math.log))).toBeCloseTo(0.7, 1);
  });

  test('indexOf stays inside', () => {
    expect([0, 0.34, 0.67, 0.9999999999999999].map((unit) => indexOf(unit, 3))).toEqual([0, 1, 2, 2]);
  });
});

describe('exact logarithm and exponential', () => {
  const points = [1e-300, 1e-9, 0.1, 0.5, 0.72, 0.99999, 1, 1.00001, 1.415, 2, Math.E, 10, 12345.678, 1e300];

  test.each(points)('ln and exp of %f agree with Math', (x) => {
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1e-5, Math.abs(Math.log(x))));
    const power = Math.log(x);
    expect(Math.abs(exp(power) / Math.exp(power) - 1)).toBeLessThan(2e-13);
  });

  test('edges', () => {
    expect([ln(0), ln(1), ln(-1), ln(Infinity)]).toEqual([-Infinity, 0, NaN, Infinity]);
    expect([exp(0), exp(-1000), exp(1000), exp(NaN)]).toEqual([1, 0, Infinity, NaN]);
  });
});
