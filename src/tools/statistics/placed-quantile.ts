/** Lists of values by their places among the values of both. */
export type Placed = {
  places: readonly [number[], number[]];
  /** The quantile of values that are given by their places, in any order. */
  quantileOf: (places: ArrayLike<number>) => number;
};

/**
 * For quantiles of many deals of the same values: sorted once, a deal's quantile is counted off from the top, where the
 * quantiles that are asked for mostly are. Interpolated between ranks, as k6 does (src/lib/numbers/quantiles.ts).
 */
export function placedQuantile(
  [first, second]: readonly [readonly number[], readonly number[]],
  q: number,
): Placed {
  const all = [...first, ...second];
  const order = all.map((_, index) => index).sort((one, other) => (all[other] ?? 0) - (all[one] ?? 0));
  const descending = Float64Array.from(order, (index) => all[index] ?? 0);
  const placeOf = Array.from(all, () => 0);
  for (const [place, index] of order.entries()) placeOf[index] = place;
  const isDealt = new Uint8Array(all.length);
  const quantileOf = (places: ArrayLike<number>): number => {
    isDealt.fill(0);
    for (let at = 0; at < places.length; at += 1) isDealt[places[at] ?? 0] = 1;
    const position = q * (places.length - 1);
    let at = isDealt.indexOf(1);
    for (let left = places.length - 1 - Math.ceil(position); left > 0; left -= 1)
      at = isDealt.indexOf(1, at + 1);
    const above = descending[at] ?? 0;
    if (Number.isInteger(position)) return above;
    const below = descending[isDealt.indexOf(1, at + 1)] ?? above;
    return below + (above - below) * (position - Math.floor(position));
  };
  return { places: [placeOf.slice(0, first.length), placeOf.slice(first.length)], quantileOf };
}
