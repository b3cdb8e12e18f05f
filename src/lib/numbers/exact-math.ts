/**
 * Logarithm and exponential from additions, multiplications and divisions alone. Those are exact to the bit in
 * every JavaScript engine; `Math.log` and `Math.exp` are not (they may differ in the last bit between k6's
 * engine and Node's), and a schedule drawn from a seed must be the same everywhere.
 */

const LN_2 = Math.LN2;
const SQRT_2 = Math.SQRT2;
const SERIES_TERMS = 12;

/**
 * Natural logarithm, within 2 units in the last place of the true value.
 *
 * @param x above 0 and finite; 0 gives -Infinity, below 0 gives NaN.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let mantissa = x;
  let exponent = 0;
  while (mantissa > SQRT_2) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < SQRT_2 / 2) {
    mantissa *= 2;
    exponent--;
  }
  // ln m = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …) with s = (m - 1) / (m + 1), |s| < 0.172.
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let term = SERIES_TERMS; term >= 1; term--) sum = (sum + 1 / (2 * term + 1)) * square;
  return exponent * LN_2 + 2 * s * (1 + sum);
}

/** e to the power of x, within 1e-14 of its value; Infinity above 709.7, 0 below -745. */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.7) return Infinity;
  if (x < -745) return 0;
  const exponent = Math.round(x / LN_2);
  const rest = x - exponent * LN_2;
  let sum = 1;
  for (let term = SERIES_TERMS + 4; term >= 1; term--) sum = 1 + (sum * rest) / term;
  const step = exponent < 0 ? 0.5 : 2;
  for (let times = Math.abs(exponent); times > 0; times--) sum *= step;
  return sum;
}
