import { formatMs, formatPercent } from '../../lib/text/format.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { PairUnit } from './pair-measure.ts';

/** A figure with its unit, without a sign: `16.2 ms`, `$0.14`, `2.5 %`. */
export function amount(value: number | null, unit: PairUnit): string {
  const size = value === null ? null : Math.abs(value);
  switch (unit) {
    case 'ms':
      return `${formatMs(size)} ms`;
    case 'usd':
      return shortUsd(size);
    case 'ratio':
      return formatPercent(size === null ? null : Number(size.toFixed(4)));
    default:
      return unit satisfies never;
  }
}

/** The same with a sign: `+16.2 ms`, `-$0.14`. */
export function signedAmount(value: number | null, unit: PairUnit): string {
  if (value === null) return amount(null, unit);
  return `${value < 0 ? '-' : '+'}${amount(value, unit)}`;
}
