/** A figure with its 95 % interval, or why a run cannot tell it, and what would show it. */
export type LimitFigure =
  | { kind: 'known'; value: number; low: number; high: number }
  | { kind: 'unknown'; reason: string };

/** Half of a wider interval than this, of the value: it tells nothing. */
const WIDEST_RATIO = 0.1;

export function unknown(reason: string): LimitFigure {
  return { kind: 'unknown', reason };
}

/** Known only where the interval is narrow enough to go by. */
export function toldWithin(
  { value, low, high }: { value: number; low: number; high: number },
  reason: string,
): LimitFigure {
  const isNarrow =
    Number.isFinite(value) &&
    value > 0 &&
    low > 0 &&
    Math.max(high - value, value - low) <= WIDEST_RATIO * value;
  return isNarrow ? { kind: 'known', value, low, high } : unknown(reason);
}
