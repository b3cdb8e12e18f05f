/**
 * Token counts without a tokenizer. What a server bills is only known from the usage it reports; this is for
 * sizes before that: forecasts, prompts of a wanted length, and the ratio between the two.
 */

/**
 * Characters to a token, by kind of character: rounded means over o200k, cl100k, Llama 3's and Claude's
 * published tokenizers on short texts in eleven languages, code and JSON (docs/workloads.md has the errors).
 */
const CHARS_PER_TOKEN = { latin: 4.7, digit: 2.9, sign: 1.6, otherLetter: 2, wide: 1.1 };

/** The estimate's error on one request, or on many added up. */
export type TokenError = {
  estimatedTokens: number;
  reportedTokens: number;
  /** reported / estimated: 1 is exact, above 1 means that the estimate was too low. */
  reportedRatio: number;
};

/**
 * Estimates the tokens of a text, at least 1 for a text that is not empty. Within about 15 % for English, code
 * and Chinese; other scripts differ between tokenizers by more than a factor of two. Leaves out what a chat
 * template adds, some 3 to 10 tokens a message. A long text is estimated by a sample of it.
 */
export function estimateTokens(text: string): number {
  const counts = { latin: 0, digit: 0, sign: 0, otherLetter: 0, wide: 0 };
  const looked = sampleOf(text);
  for (let at = 0; at < looked.length; at++) counts[kindOf(looked.charCodeAt(at))]++;
  const sampled =
    counts.latin / CHARS_PER_TOKEN.latin +
    counts.digit / CHARS_PER_TOKEN.digit +
    counts.sign / CHARS_PER_TOKEN.sign +
    counts.otherLetter / CHARS_PER_TOKEN.otherLetter +
    counts.wide / CHARS_PER_TOKEN.wide;
  const tokens = looked.length === 0 ? 0 : (sampled * text.length) / looked.length;
  return text === '' ? 0 : Math.max(1, Math.round(tokens));
}

/** k6's engine takes some 5 µs a character, so of a long text slices are looked at, spread evenly. */
const SLICES = 16;
const SLICE_CHARS = 128;

function sampleOf(text: string): string {
  if (text.length <= SLICES * SLICE_CHARS) return text;
  const step = (text.length - SLICE_CHARS) / (SLICES - 1);
  const starts = Array.from({ length: SLICES }, (_, slice) => Math.floor(slice * step));
  return starts.map((start) => text.slice(start, start + SLICE_CHARS)).join('');
}

/**
 * Compares an estimate with the usage that a server reported.
 *
 * @returns null when either is unknown or 0.
 */
export function tokenError(estimatedTokens: number, reportedTokens: number | null): TokenError | null {
  if (reportedTokens === null || !(reportedTokens > 0) || !(estimatedTokens > 0)) return null;
  return { estimatedTokens, reportedTokens, reportedRatio: reportedTokens / estimatedTokens };
}

const MAX_CORRECTION = 4;

/**
 * The factor to multiply wanted lengths by so that reported ones come out right: estimated / reported, of two
 * prompts of different lengths if there are two, so that the chat template's constant part cancels out. Held
 * within 1/4 to 4; 1 when nothing is known.
 */
export function lengthCorrection(shorter: TokenError | null, longer: TokenError | null): number {
  const known = longer ?? shorter;
  if (known === null) return 1;
  const base = longer === null || shorter === null ? null : shorter;
  const estimated = known.estimatedTokens - (base?.estimatedTokens ?? 0);
  const reported = known.reportedTokens - (base?.reportedTokens ?? 0);
  if (!(estimated > 0) || !(reported > 0)) return 1;
  return Math.min(MAX_CORRECTION, Math.max(1 / MAX_CORRECTION, estimated / reported));
}

type CharKind = keyof typeof CHARS_PER_TOKEN;

function kindOf(code: number): CharKind {
  if (code < 0x80) return asciiKind(code);
  // Latin with accents counts as an other letter: an accent often splits a word.
  if (code < 0x1100) return 'otherLetter';
  const isWide =
    code <= 0x11ff ||
    (code >= 0x2e80 && code <= 0xd7ff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    code >= 0xff00;
  // Half of a surrogate pair: emoji cost about 1.2 tokens a half, as dear as wide characters.
  return isWide || (code >= 0xd800 && code <= 0xdfff) ? 'wide' : 'otherLetter';
}

function asciiKind(code: number): CharKind {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  if (isLetter || code === 32 || (code >= 9 && code <= 13)) return 'latin';
  return code >= 48 && code <= 57 ? 'digit' : 'sign';
}
