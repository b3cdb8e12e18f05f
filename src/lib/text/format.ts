/** Numbers for people. k6's engine has no `Intl`, so they are formatted by hand. null is `n/a`. */

export const NOT_AVAILABLE = 'n/a';

/** ms with three significant places at most: `1240`, `87.3`, `3.42`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return NOT_AVAILABLE;
  if (ms >= 100) return String(Math.round(ms));
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A count, short from a million on: `845`, `120400`, `3.41M`. */
export function formatCount(count: number | null): string {
  if (count === null) return NOT_AVAILABLE;
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)}G`;
  return count >= 1e6 ? `${(count / 1e6).toFixed(2)}M` : String(Math.round(count));
}

/** US dollars to the millionth, to the cent from a thousand on: `$0.030114`, `$1204.50`. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return NOT_AVAILABLE;
  return `$${usd >= 1000 ? usd.toFixed(2) : usd.toFixed(6)}`;
}

/** A ratio from 0 to 1 as per cent: `2.5 %`. */
export function formatPercent(ratio: number | null): string {
  if (ratio === null) return NOT_AVAILABLE;
  const percent = ratio * 100;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(percent < 10 ? 2 : 1)} %`;
}

/** A rate per second: `0.52`, `14.8`, `203`. */
export function formatRate(perSec: number | null): string {
  if (perSec === null) return NOT_AVAILABLE;
  if (perSec >= 100) return String(Math.round(perSec));
  return perSec >= 10 ? perSec.toFixed(1) : perSec.toFixed(2);
}

/** A span of time: `12.3 s`, `4 min 05 s`. */
export function formatSpan(ms: number | null): string {
  if (ms === null) return NOT_AVAILABLE;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
