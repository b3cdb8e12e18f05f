/**
 * The variance of a series' sum, memory included: the mean power of its lowest frequencies, by a cosine transform
 * (Müller, "A theory of robust long-run variance estimation", 2007). As many frequencies as it averages, so many are the
 * degrees of freedom of Student's t that goes with it: few of them reach further back than any memory that a series is
 * long enough to hold, and what is lost in precision, t gives back. A constant adds nothing to it.
 *
 * @param first the lowest of the frequencies, 1 unless something slower was taken out of the series.
 */
export function cosineVariance(series: Float64Array, frequencies: number, first = 1): number {
  const size = series.length;
  let power = 0;
  for (let frequency = first; frequency < first + frequencies; frequency += 1) {
    let sum = 0;
    for (let at = 0; at < size; at += 1)
      sum += (series[at] ?? 0) * Math.cos((Math.PI * frequency * (at + 0.5)) / size);
    power += 2 * sum * sum;
  }
  return power / Math.max(1, frequencies);
}

/**
 * How many frequencies make an interval that is neither too narrow nor too wide: 12 of 150 blocks (Lazarus, Lewis, Stock
 * and Watson, "HAR Inference: Recommendations for Practice", 2018, equation 4).
 */
export function frequenciesFor(blockCount: number): number {
  return Math.max(3, Math.round(0.41 * blockCount ** (2 / 3)));
}
