import { ConfigError } from '../parse/config-error.ts';
import { exp } from './exact-math.ts';
import { lognormal, type Random, standardNormal } from './random.ts';

/**
 * A distribution of non-negative numbers: token counts, or milliseconds in the mock.
 *
 * `normal` is cut at 0: a draw below counts as 0. `lognormal` is told by its median and by the standard
 * deviation of its logarithm, so that 68 % of the draws lie within a factor e^sigma of the median.
 */
export type Distribution =
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; mean: number; stdDev: number }
  | { kind: 'uniform'; min: number; max: number }
  | { kind: 'lognormal'; median: number; sigma: number };

const MAX_VALUE = 1e9;
const MAX_SIGMA = 5;

/**
 * Reads `200`, `normal:MEAN:STDDEV`, `uniform:MIN:MAX` or `lognormal:MEDIAN:SIGMA`.
 *
 * @param setting the name of the setting, for the message.
 * @throws ConfigError on anything else, a negative number, MIN above MAX, a median of 0.
 */
export function parseDistribution(text: string, setting: string): Distribution {
  const [kind = '', ...rest] = text.trim().toLowerCase().split(':');
  const distribution = rest.length === 0 ? parseConstant(kind) : parseNamed(kind, rest.map(toNumber));
  if (distribution !== null) return distribution;
  throw new ConfigError({
    setting,
    got: text,
    expected:
      'a number, normal:MEAN:STDDEV, uniform:MIN:MAX (MIN at most MAX) or lognormal:MEDIAN:SIGMA ' +
      `(numbers from 0 to 1e9, MEDIAN above 0, SIGMA at most ${MAX_SIGMA})`,
    example: `${setting}=normal:200:50`,
  });
}

/** One draw; never negative, never infinite. */
export function sampleDistribution(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'normal':
      return Math.max(0, distribution.mean + distribution.stdDev * standardNormal(random));
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * random.next();
    case 'lognormal':
      return lognormal(random, distribution.median, distribution.sigma);
    default:
      return unreachable(distribution);
  }
}

/** One draw as a whole number, at least `min`. `uniform` gives both its ends the weight of the others. */
export function sampleInteger(distribution: Distribution, random: Random, min: number): number {
  if (distribution.kind === 'uniform') {
    const low = Math.ceil(distribution.min);
    const span = Math.max(1, Math.floor(distribution.max) - low + 1);
    return Math.max(min, low + Math.floor(random.next() * span));
  }
  return Math.max(min, Math.round(sampleDistribution(distribution, random)));
}

/** The expected value of `sampleDistribution`, for forecasts. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'normal':
      return meanCutAtZero(distribution.mean, distribution.stdDev);
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'lognormal':
      return distribution.median * exp((distribution.sigma * distribution.sigma) / 2);
    default:
      return unreachable(distribution);
  }
}

function parseConstant(text: string): Distribution | null {
  const value = toNumber(text);
  return inRange(value) ? { kind: 'constant', value } : null;
}

function parseNamed(kind: string, numbers: readonly number[]): Distribution | null {
  const [first = NaN, second = NaN, ...more] = numbers;
  if (more.length > 0 || !inRange(first) || !inRange(second)) return null;
  if (kind === 'normal') return { kind, mean: first, stdDev: second };
  if (kind === 'uniform' && first <= second) return { kind, min: first, max: second };
  if (kind === 'lognormal' && first > 0 && second <= MAX_SIGMA) return { kind, median: first, sigma: second };
  return null;
}

function toNumber(text: string): number {
  return /^\d+(\.\d+)?(e\d+)?$/.test(text.trim()) ? Number(text) : NaN;
}

function inRange(value: number): boolean {
  return value >= 0 && value <= MAX_VALUE;
}

/** The mean of max(0, X) for a normal X: m·Φ(m/s) + s·φ(m/s). */
function meanCutAtZero(mean: number, stdDev: number): number {
  if (stdDev === 0) return mean;
  const z = mean / stdDev;
  const density = exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  // Φ(z) for z >= 0 by Abramowitz and Stegun 26.2.17, within 7.5e-8.
  const t = 1 / (1 + 0.2316419 * z);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return mean * (1 - tail) + stdDev * density;
}

function unreachable(value: never): never {
  throw new Error(`unknown distribution ${JSON.stringify(value)}`);
}
