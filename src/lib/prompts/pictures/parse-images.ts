import { type Distribution, meanOf, parseDistribution } from '../../numbers/distribution.ts';
import { sum } from '../../numbers/mean.ts';
import { ConfigError } from '../../parse/config-error.ts';
import type { Parse } from '../../parse/values.ts';

/** Pictures of one size that a request carries. */
export type WantedPictures = { count: Distribution; width: number; height: number };

/** More in one request than any provider takes (docs.anthropic.com/en/docs/build-with-claude/vision, 2026-11: 100). */
export const MAX_PICTURES = 100;
const MAX_SIDE = 8192;

/**
 * Reads `COUNT:WIDTHxHEIGHT`, where the count may be left out (1), a number or a distribution; several, with commas, are
 * several sizes in one request. Empty, `0` and `none`: no pictures.
 */
export const parseImages: Parse<WantedPictures[]> = (value, setting) => {
  const text = value.trim().toLowerCase();
  if (['', '0', 'none'].includes(text)) return [];
  return text.split(',').map((entry) => {
    const fail = (expected: string): ConfigError =>
      new ConfigError({ setting, got: value, expected, example: `${setting}=1:512x512` });
    const [, count = '1', width = '', height = ''] = /^(?:(.*):)?(\d+)x(\d+)$/.exec(entry.trim()) ?? [];
    const sides = [Number(width), Number(height)];
    if (width === '') throw fail('COUNT:WIDTHxHEIGHT, as 1:512x512, uniform:1:4:512x512 or 512x512');
    if (sides.some((side) => side < 1 || side > MAX_SIDE)) throw fail(`sides of 1 to ${MAX_SIDE} pixels`);
    const wanted = countOf(count);
    if (wanted === null)
      throw fail('a count as a number, uniform:MIN:MAX, normal:MEAN:STDDEV or lognormal:MEDIAN:SIGMA');
    if (mostOf(wanted) > MAX_PICTURES) throw fail(`at most ${MAX_PICTURES} pictures of a size in a request`);
    return { count: wanted, width: Number(width), height: Number(height) };
  });
};

function countOf(text: string): Distribution | null {
  try {
    return parseDistribution(text, '');
  } catch {
    return null;
  }
}

/** Of those with no end, a typical one. */
function mostOf(count: Distribution): number {
  return count.kind === 'uniform' ? count.max : meanOf(count);
}

const PIXELS_PER_TOKEN = 750;

/**
 * Tokens of the pictures of a request, before a server has told them: Anthropic's rule of one for 750 pixels
 * (docs.anthropic.com/en/docs/build-with-claude/vision, 2026-11), which is OpenAI's and Google's within a factor of two for
 * pictures of some 500 pixels a side. Servers that scale pictures down count less of large ones.
 */
export function estimatePictureTokens(pictures: readonly WantedPictures[]): number {
  return sum(
    pictures.map(({ count, width, height }) => meanOf(count) * ((width * height) / PIXELS_PER_TOKEN)),
  );
}

/** The same of pictures that are made, as base64 of PNGs with four pixels a byte. */
export function estimateShownTokens(shown: readonly string[]): number {
  return sum(shown.map((base64) => (base64.length * 3) / PIXELS_PER_TOKEN));
}
