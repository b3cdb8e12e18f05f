/** zlib's checksum (RFC 1950) of bytes that others come before and after: what they add to it. */
export type Stretch = { length: number; sum: number; sumOfSums: number };

const MODULUS = 65_521;

export function stretchOf(bytes: readonly number[]): Stretch {
  let sum = 0;
  let sumOfSums = 0;
  // A few thousand bytes stay far below what a double holds. By number: k6's engine takes four times as long for `of`.
  for (let at = 0; at < bytes.length; at++) {
    sum += bytes[at] ?? 0;
    sumOfSums += sum;
  }
  return { length: bytes.length, sum: sum % MODULUS, sumOfSums: sumOfSums % MODULUS };
}

/** Bytes behind others. */
export function joined(before: Stretch, after: Stretch): Stretch {
  return {
    length: before.length + after.length,
    sum: (before.sum + after.sum) % MODULUS,
    sumOfSums: (before.sumOfSums + after.length * before.sum + after.sumOfSums) % MODULUS,
  };
}

export function repeated(block: Stretch, times: number): Stretch {
  let all: Stretch = { length: 0, sum: 0, sumOfSums: 0 };
  for (let left = times; left > 0; left--) all = joined(all, block);
  return all;
}

/** The checksum of all of it. */
export function checksumOf(all: Stretch): number {
  const { sum, sumOfSums } = joined({ length: 0, sum: 1, sumOfSums: 0 }, all);
  return sumOfSums * 65_536 + sum;
}
