import { createRandom, indexOf, type Random, randomFor, type Seed } from '../../numbers/random.ts';
import { isRecord } from '../../parse/json.ts';
import { WORDS } from '../one-token-words.ts';

/**
 * A stretch of a text of which only the length was kept. Stretches of one number are the same text, so texts that begin
 * with the same stretches begin alike.
 */
export type TextPart = {
  /** Its number in the recording. */
  id: number;
  /** Of the whole stretch. */
  chars: number;
  tokens: number;
  /** So many of its characters are meant; the whole stretch otherwise. */
  usedChars: number;
};

/** How a text of which only the length was kept stands in a file: in place of the text. */
const TEXT_KEY = '$text';
/** The same for a text that is JSON of one field, as a tool's arguments are. */
const JSON_KEY = '$json';
/** The same for such an object itself. */
const OBJECT_KEY = '$object';

type ShapeKey = typeof TEXT_KEY | typeof JSON_KEY | typeof OBJECT_KEY;

/** In JSON: what takes up the characters around the text. */
const JSON_HEAD = '{"text":"';
const JSON_TAIL = '"}';

/** In place of a text: `{"$text": [[id, chars, tokens], [id, chars, tokens, usedChars], …]}`. */
export function writeShape(key: ShapeKey, parts: readonly TextPart[]): Record<string, unknown> {
  return {
    [key]: parts.map(({ id, chars, tokens, usedChars }) =>
      usedChars === chars ? [id, chars, tokens] : [id, chars, tokens, usedChars],
    ),
  };
}

/** The parts of what `writeShape` wrote; null for anything else. */
export function shapeOf(value: unknown): readonly TextPart[] | null {
  return keyedShape(value)?.parts ?? null;
}

function keyedShape(value: unknown): { key: ShapeKey; parts: readonly TextPart[] } | null {
  if (!isRecord(value)) return null;
  for (const key of [TEXT_KEY, JSON_KEY, OBJECT_KEY] as const) {
    const list = value[key];
    if (!Array.isArray(list)) continue;
    const parts = list.map(readPart);
    return parts.some((part) => part === null) ? null : { key, parts: parts.filter((part) => part !== null) };
  }
  return null;
}

const MAX_CHARS = 1e8;

function readPart(value: unknown): TextPart | null {
  if (!Array.isArray(value)) return null;
  const numbers: unknown[] = value;
  const [id, chars, tokens, usedChars = chars] = numbers;
  const isCount = (one: unknown): one is number =>
    typeof one === 'number' && Number.isInteger(one) && one >= 0 && one <= MAX_CHARS;
  if (!isCount(id) || !isCount(chars) || !isCount(tokens) || !isCount(usedChars)) return null;
  return { id, chars, tokens, usedChars: Math.min(chars, usedChars) };
}

/** Puts a text of its length in place of every shape, in a message or in fields. */
export function withTexts(value: unknown, textOf: (parts: readonly TextPart[]) => string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => withTexts(one, textOf));
  if (!isRecord(value)) return value;
  const shape = keyedShape(value);
  if (shape === null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner, textOf)]));
  const text = textOf(shape.parts);
  if (shape.key === TEXT_KEY) return text;
  const inside = text.slice(0, Math.max(0, text.length - JSON_HEAD.length - JSON_TAIL.length));
  return shape.key === JSON_KEY ? `${JSON_HEAD}${inside}${JSON_TAIL}` : { text: inside };
}

/** Characters that a word and the blank behind it can have. */
const LEAST_CHARS = 2;
const MOST_CHARS = 12;
const CYCLE_WORDS = 512;
const UNIQUE_WORDS = 12;
/** Texts of nearly the same ratio are cut from one cycle. */
const STEPS_PER_CHAR = 16;
/** Shorter texts keep their characters, whatever their tokens: few words are no measure. */
const MIN_TOKENS = 20;

/** Short words, one token each too; a letter by itself is one. */
const SHORT_WORDS = [
  ...'abcdefghijklmnopqrstuvwxyz',
  ...'of to in is it he as at by we or an my go no do so up if me'.split(' '),
];

/**
 * Texts of a wanted length both in characters and in tokens, so that servers which count either way count right: words
 * of one token each, of such lengths that both come out. Keep one for each VU.
 */
export function createSizedTexts(seed: Seed): (parts: readonly TextPart[]) => string {
  const byChars = wordsByChars();
  const cycles = new Map<number, string>();
  const cycleOf = (step: number): string => {
    const known = cycles.get(step);
    if (known !== undefined) return known;
    const random = createRandom(`${seed} sized ${step}`);
    const made = wordsOf(CYCLE_WORDS, step / STEPS_PER_CHAR, random, byChars);
    cycles.set(step, made);
    return made;
  };
  return (parts) => parts.map((part) => stretchOf(part, { seed, byChars, cycleOf })).join('');
}

type Making = {
  seed: Seed;
  byChars: ReadonlyMap<number, readonly string[]>;
  cycleOf: (step: number) => string;
};

/** The first `usedChars` of a stretch: the same whoever asks, and however much of it. */
function stretchOf({ id, chars, tokens, usedChars }: TextPart, { seed, byChars, cycleOf }: Making): string {
  const random = randomFor(seed, 'sized', id);
  const told = chars / Math.max(1, tokens);
  const perToken = Math.min(MOST_CHARS, Math.max(LEAST_CHARS, told));
  // Where no words are so short or so long, the tokens are kept and the characters are not.
  const wanted = told === 0 || tokens < MIN_TOKENS ? usedChars : Math.round((usedChars * perToken) / told);
  const cycle = cycleOf(Math.round(perToken * STEPS_PER_CHAR));
  let text = wordsOf(UNIQUE_WORDS, perToken, random, byChars);
  // From a word's beginning on.
  let from = cycle.indexOf(' ', indexOf(random.next(), CYCLE_WORDS / 2)) + 1;
  while (text.length < wanted) {
    text += cycle.slice(from, from + wanted - text.length);
    from = 0;
  }
  return text.slice(0, wanted);
}

/** So many words of this mean length, each with a blank behind it. */
function wordsOf(
  count: number,
  charsPerWord: number,
  random: Random,
  byChars: ReadonlyMap<number, readonly string[]>,
): string {
  let text = '';
  for (let index = 0; index < count; index++) {
    const wanted = (index + 1) * charsPerWord - text.length;
    const spread = wanted + 2 * random.next() - 1;
    const chars = Math.min(MOST_CHARS, Math.max(LEAST_CHARS, Math.round(spread)));
    const words = byChars.get(chars) ?? ['a'];
    text += `${words[indexOf(random.next(), words.length)] ?? 'a'} `;
  }
  return text;
}

/** Words by their characters with the blank behind them; every length has some. */
function wordsByChars(): ReadonlyMap<number, readonly string[]> {
  const byChars = new Map<number, string[]>();
  for (const word of [...SHORT_WORDS, ...WORDS]) {
    const chars = word.length + 1;
    byChars.set(chars, [...(byChars.get(chars) ?? []), word]);
  }
  for (let chars = LEAST_CHARS; chars <= MOST_CHARS; chars++) {
    if (!byChars.has(chars)) byChars.set(chars, byChars.get(chars - 1) ?? ['a']);
  }
  return byChars;
}
