import { createUnitStream, indexOf, type Seed } from '../numbers/random.ts';

const ROUNDS = 6;

/**
 * The row of a list of `count` that request i uses, from 0: every row once before any comes again, in an order by the
 * seed, and in another one each time through. Stateless: whichever VU or instance runs request i gets the same row.
 *
 * A Feistel network over a rectangle of at least `count` cells, walked until it leads to a row (Black and Rogaway,
 * "Ciphers with Arbitrary Finite Domains", 2002).
 */
export function createRowOrder(count: number, seed: Seed): (requestIndex: number) => number {
  const unitAt = createUnitStream(seed, 'prompt');
  const height = Math.max(1, Math.ceil(Math.sqrt(count)));
  const width = Math.max(1, Math.ceil(count / height));
  // Steps of the two sides, told apart by round and by time through the list.
  const step = (place: number, side: number): number => indexOf(unitAt(place), side);
  return (requestIndex) => {
    const time = Math.floor(requestIndex / count);
    let row = requestIndex - time * count;
    do {
      let left = Math.floor(row / width);
      let right = row - left * width;
      for (let round = 0; round < ROUNDS; round += 2) {
        const place = (time * ROUNDS + round) * height;
        left = (left + step(place + right, height)) % height;
        right = (right + step(place + height + left, width)) % width;
      }
      row = left * width + right;
    } while (row >= count);
    return row;
  };
}
