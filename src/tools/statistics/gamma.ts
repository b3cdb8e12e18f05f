/** ln Γ(x) for x above 0: shifted up by its recurrence, then Stirling's series, right to 1e-10. */
export function logGamma(x: number): number {
  let product = 1;
  let at = x;
  for (; at < 10; at += 1) product *= at;
  const series = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5);
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/**
 * P(B <= x) of a beta distribution, by its continued fraction (Abramowitz and Stegun 26.5.8), evaluated from the end
 * that converges.
 *
 * @param x from 0 to 1; `a` and `b` above 0.
 */
export function betaProbability(x: number, { a, b }: { a: number; b: number }): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  if (x < (a + 1) / (a + b + 2)) return (Math.exp(front) * betaFraction(x, a, b)) / a;
  return 1 - (Math.exp(front) * betaFraction(1 - x, b, a)) / b;
}

const MOST_TERMS = 2000;
const PRECISION = 1e-12;

/** The fraction by Lentz's method (Thompson and Barnett, 1986). */
function betaFraction(x: number, a: number, b: number): number {
  let [upper, lower, value] = [1, awayFromZero(1 - ((a + b) * x) / (a + 1)), 0];
  lower = 1 / lower;
  value = lower;
  for (let m = 1; m < MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      lower = 1 / awayFromZero(1 + term * lower);
      upper = awayFromZero(1 + term / upper);
      value *= lower * upper;
    }
    if (Math.abs(lower * upper - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
