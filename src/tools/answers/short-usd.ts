import { NOT_AVAILABLE } from '../../lib/text/format.ts';

/** US dollars for people, to three places or the cent: `$0.00123`, `$12.40`, `$1235`. */
export function shortUsd(usd: number | null): string {
  if (usd === null) return NOT_AVAILABLE;
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (size >= 1000) return `${sign}$${Math.round(size)}`;
  if (size >= 1 || size === 0) return `${sign}$${size.toFixed(2)}`;
  // No exponent, and no more than a millionth of a cent.
  const places = Math.min(8, 2 - Math.floor(Math.log10(size)));
  return `${sign}$${size.toFixed(places)}`;
}
