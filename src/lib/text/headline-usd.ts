import { NOT_AVAILABLE } from './format.ts';

/** Dollars for a headline: cents from a dollar on, three places that matter below. */
export function headlineUsd(usd: number | null): string {
  if (usd === null) return NOT_AVAILABLE;
  return usd >= 1 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(3))}`;
}
