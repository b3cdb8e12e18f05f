/** A picodollar is finer than any price of one token, and 9,000 dollars of them are still exact. */
const PICODOLLARS = 1e12;

/** Dollars from a sum of (tokens × US dollars per million tokens), rounded to the picodollar. */
export function usdFromMillionths(tokenDollars: number): number {
  return Math.round(tokenDollars * (PICODOLLARS / 1e6)) / PICODOLLARS;
}

/** The sum of many small amounts, as exact as a double can be (Neumaier's compensated sum). */
export function sumUsd(amountsUsd: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const amountUsd of amountsUsd) {
    const next = sum + amountUsd;
    lost += Math.abs(sum) >= Math.abs(amountUsd) ? sum - next + amountUsd : amountUsd - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** 2^40: steps of about a picodollar that doubles add up without any error, to a total of 8,192 dollars. */
const STEPS_PER_USD = 2 ** 40;

/**
 * Makes amounts safe to be added up naively by someone else, as k6 does in its Counters: each amount is rounded
 * to a step of 2^-40 dollars, of which sums are exact, and what the rounding left is carried to the next. The
 * total is off by less than half a picodollar, however many amounts there were. One for each VU and series.
 */
export function createUsdStepper(): (amountUsd: number) => number {
  let carriedUsd = 0;
  return (amountUsd) => {
    const dueUsd = amountUsd + carriedUsd;
    const steppedUsd = Math.round(dueUsd * STEPS_PER_USD) / STEPS_PER_USD;
    carriedUsd = dueUsd - steppedUsd;
    return steppedUsd;
  };
}
