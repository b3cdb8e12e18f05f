import type { Kind } from '../../kinds/kind.ts';
import { sampleInteger } from '../../numbers/distribution.ts';
import { type Random, randomFor, type Seed } from '../../numbers/random.ts';
import type { Message } from '../../request/message.ts';
import { MAX_PICTURES, type WantedPictures } from './parse-images.ts';
import { createPngs } from './png.ts';

/** The pictures of request i, as base64 of PNGs, each different from all others. */
export type Pictures = (requestIndex: number, salt: string | null) => string[];

/**
 * Pictures of wanted numbers and sizes (`LLM_IMAGES`). Those of request i depend on the seed and i alone, and on the salt where
 * no cache is to know them.
 */
export function createPictures(wanted: readonly WantedPictures[], seed: Seed): Pictures {
  const sizes = wanted.map((size, index) => ({
    count: size.count,
    pngs: createPngs(size, noiseFrom(randomFor(seed, 'picture', index))),
  }));
  return (requestIndex, salt) =>
    sizes.flatMap(({ count, pngs }, index) => {
      const random = randomFor(seed, 'pictures', requestIndex, index, salt ?? '');
      const pictures = Math.min(MAX_PICTURES, sampleInteger(count, random, 0));
      return Array.from({ length: pictures }, () => pngs(noiseFrom(random)));
    });
}

function noiseFrom(random: Random): (count: number) => number[] {
  let left = 0;
  let drawn = 0;
  return (count) => {
    const bytes: number[] = [];
    while (bytes.length < count) {
      // A draw has bits for six bytes, and takes an engine longer than all of them.
      if (left === 0) {
        drawn = random.next();
        left = 6;
      }
      left--;
      drawn *= 256;
      const byte = Math.floor(drawn);
      drawn -= byte;
      bytes.push(byte);
    }
    return bytes;
  };
}

/**
 * The fields of messages whose first of the user's shows pictures. Their base64 goes between the pieces of the JSON: to
 * write it through an engine's `JSON.stringify` takes longer than to make it.
 *
 * @throws Error for a kind that takes no pictures.
 */
export function encodeShown(
  { name, encodeRaw, picture }: Kind,
  messages: readonly Message[],
  pictures: readonly string[],
): string {
  if (encodeRaw === null || picture === null) throw new Error(`${name} takes no pictures`);
  const { opening, closing, textType } = picture;
  const shown: unknown = JSON.parse(opening + closing);
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const said = messages.filter(({ role }) => role !== 'system');
  const first = said.findIndex(({ role }) => role === 'user');
  const raw = said.map(({ role, content }, index) => ({
    role,
    content: index === first ? [{ type: textType, text: content }, ...pictures.map(() => shown)] : content,
  }));
  // A text cannot hold this: its quotes would be escaped.
  const pieces = encodeRaw(system.length === 0 ? null : system.join('\n'), raw).split(opening + closing);
  return pieces.reduce(
    (json, piece, index) => json + opening + (pictures[index - 1] ?? '') + closing + piece,
  );
}
