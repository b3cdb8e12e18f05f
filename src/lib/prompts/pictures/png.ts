import { stretchOf, checksumOf, joined, repeated } from './adler.ts';
import { base64, crc32 } from './bytes.ts';

/**
 * Two bits a pixel, in greys: with noise in it, which no compression shortens, a picture weighs a quarter of a byte a pixel,
 * as photographs do in JPEG.
 */
const BITS_PER_PIXEL = 2;
const GREYS = 0;
/** What a picture is made of: as many rows, again and again. */
const BAND_BYTES = 1024;
/** What is a picture's own: 256 bits, so that no two are alike. */
const OWN_BYTES = 32;

/**
 * PNGs of one size (the W3C's specification, 2003), of noise that is not compressed. All but their first pixels is the same
 * and is made once, so that a picture costs as much as a few bytes do. Every part of the file is a multiple of three bytes long, so
 * the base64 of the whole is that of the parts in a row.
 *
 * @param noise of what is the same in all.
 * @returns the base64 of one, from noise of its own.
 */
export function createPngs(
  { width, height }: { width: number; height: number },
  noise: (count: number) => number[],
): (noise: (count: number) => number[]) => string {
  const rowBytes = Math.ceil((width * BITS_PER_PIXEL) / 8);
  const rowOf = (bytes: number[]): number[] => [FILTER_NONE, ...bytes];
  const rows = (count: number): number[] =>
    Array.from({ length: count }, () => rowOf(noise(rowBytes))).flat();
  const bandRows = Math.max(1, Math.floor(BAND_BYTES / (rowBytes + 1)));
  const bands = Math.floor((height - 1) / bandRows);
  const band = bands === 0 ? [] : rows(bandRows);
  const rest = rows((height - 1) % bandRows);
  const ownBytes = Math.min(OWN_BYTES, rowBytes);
  const restOfFirst = noise(rowBytes - ownBytes);
  const same = joined(joined(stretchOf(restOfFirst), repeated(stretchOf(band), bands)), stretchOf(rest));
  const opening = base64([...SIGNATURE, ...chunk('IHDR', header(width, height))]);
  const middle = base64(stored(restOfFirst)) + base64(stored(band)).repeat(bands) + base64(stored(rest));
  const closing = base64(chunk('IEND', []));
  return (noiseOfOne) => {
    const first = rowOf(noiseOfOne(ownBytes));
    const end = [...LAST_BLOCK, ...number32(checksumOf(joined(stretchOf(first), same)))];
    return opening + base64(stored(first, ZLIB_HEADER)) + middle + base64(chunk('IDAT', end)) + closing;
  };
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const FILTER_NONE = 0;
/** Deflate with a window of 32 kB, no dictionary (RFC 1950). */
const ZLIB_HEADER = [0x78, 0x01];
/** An empty block that is stored, and is the last (RFC 1951). */
const LAST_BLOCK = [1, 0, 0, 0xff, 0xff];

function header(width: number, height: number): number[] {
  return [...number32(width), ...number32(height), BITS_PER_PIXEL, GREYS, 0, 0, 0];
}

/** A chunk of pixels as they are, behind as many empty blocks as make its length a multiple of three; nothing for none. */
function stored(pixels: readonly number[], opening: readonly number[] = []): number[] {
  if (pixels.length === 0) return [];
  const { length } = pixels;
  const sizes = [length & 0xff, length >> 8];
  const data = [...opening, 0, ...sizes, ...sizes.map((byte) => 0xff - byte), ...pixels];
  while (data.length % 3 !== 0) data.splice(opening.length, 0, 0, 0, 0, 0xff, 0xff);
  return chunk('IDAT', data);
}

function chunk(name: string, data: readonly number[]): number[] {
  const named = [...Array.from(name, (char) => char.charCodeAt(0)), ...data];
  return [...number32(data.length), ...named, ...number32(crc32(named))];
}

function number32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
