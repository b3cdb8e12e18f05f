import { type PlainAnswer, readPlainAnswer } from './plain-answer.ts';

/** A text around values that differ from answer to answer: literals, with a value between each two. */
type Template = { literals: readonly string[]; keys: readonly string[] };

/**
 * A plain answer's spelling: what stood before its text, up to the quote; what stood behind it, from the quote. Its
 * tail holds its counts; `last` is the answer that the tail just read told of, as the next one often says the same.
 */
type Spelling = { head: Template; tail: Template; lastTail: string; last: PlainAnswer };

const CONTENT = '"content":';
const ID = '"id":';
const INPUT = '"prompt_tokens":';
const OUTPUT = '"completion_tokens":';
const CACHED = '"cached_tokens":';
const TOTAL = '"total_tokens":';
/** What differs between two answers of one model; everything else is a part of the spelling. */
const KEYS = [ID, '"created":', INPUT, OUTPUT, TOTAL, CACHED];

/** Spellings kept: models of a mix, times the reasons to finish. */
const MAX_SPELLINGS = 8;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;

/**
 * Reads plain answers as `readPlainAnswer` does, which takes k6's engine some 70 µs, nearly all of it for parsing
 * JSON. A server spells all its answers alike, so those parsed before are remembered: an answer that differs from
 * one of them in its text, its id, its time and its counts alone is taken apart at these places.
 *
 * Written for an engine in which a call costs as much as ten comparisons: few calls, no object but the answer.
 */
export function createPlainReader(): (body: string) => PlainAnswer | null {
  const known: Spelling[] = [];
  return (body) => {
    const key = body.indexOf(CONTENT);
    const open = key === -1 ? 0 : skipSpace(body, key + CONTENT.length);
    const close = key === -1 || body.charCodeAt(open) !== QUOTE ? -1 : endOfText(body, open + 1);
    if (close === -1) return readPlainAnswer(body);
    const tail = body.slice(close);
    for (let index = 0; index < known.length; index++) {
      const spelling = known[index] as Spelling;
      if (!isSpelled(spelling.head, body, open)) continue;
      const like = spelling.lastTail === tail ? spelling.last : readTail(spelling, tail);
      const text = like === null ? null : parseText(body.slice(open, close + 1));
      if (like === null || text === null || text === '') continue;
      const { usage, answeredModel, finishReason } = like;
      return { usage, answeredModel, finishReason, text };
    }
    const answer = readPlainAnswer(body);
    if (answer !== null && known.length < MAX_SPELLINGS) {
      const spelling = spellingOf(body.slice(0, open), tail, answer);
      if (spelling !== null) known.push(spelling);
    }
    return answer;
  };
}

/** The place of the quote that ends a text; -1 without one. */
function endOfText(body: string, from: number): number {
  let close = body.indexOf('"', from);
  while (close !== -1 && isEscaped(body, close)) close = body.indexOf('"', close + 1);
  return close;
}

function isEscaped(body: string, at: number): boolean {
  let backslashes = 0;
  while (body.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** The text, its escapes understood; null when it is not JSON. */
function parseText(json: string): string | null {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

/** What a tail of this spelling tells, which is kept for the next; null when it is spelled in another way. */
function readTail(spelling: Spelling, tail: string): PlainAnswer | null {
  const { keys } = spelling.tail;
  const values: string[] = [];
  if (!isSpelled(spelling.tail, tail, tail.length, values)) return null;
  const inputTokens = Number(values[keys.indexOf(INPUT)]);
  const outputTokens = Number(values[keys.indexOf(OUTPUT)]);
  const cachedInputTokens = Number(values[keys.indexOf(CACHED)] ?? 0);
  if (outputTokens === 0 || cachedInputTokens > inputTokens) return null;
  if (Number(values[keys.indexOf(TOTAL)] ?? 0) > inputTokens + outputTokens) return null;
  const usage = {
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
  spelling.lastTail = tail;
  spelling.last = { ...spelling.last, usage };
  return spelling.last;
}

/**
 * The spelling of an answer that was parsed; null when a value comes twice, or when what its tail tells is not what
 * the parser read: a count may stand before the text, or be spelled so that it is not found.
 */
function spellingOf(head: string, tail: string, answer: PlainAnswer): Spelling | null {
  const before = templateOf(head);
  const behind = templateOf(tail);
  if (before === null || behind === null) return null;
  const spelling = { head: before, tail: behind, lastTail: '', last: answer };
  const { usage } = readTail(spelling, tail) ?? {};
  const isTrue =
    usage?.inputTokens === answer.usage.inputTokens &&
    usage.outputTokens === answer.usage.outputTokens &&
    usage.cachedInputTokens === answer.usage.cachedInputTokens;
  return isTrue ? spelling : null;
}

/** Cuts a text at the values that differ; null when one comes twice, or is not as expected. */
function templateOf(text: string): Template | null {
  const found = KEYS.filter((key) => text.includes(key)).sort((a, b) => text.indexOf(a) - text.indexOf(b));
  const literals: string[] = [];
  let from = 0;
  for (const key of found) {
    const at = text.indexOf(key);
    if (at !== text.lastIndexOf(key)) return null;
    const begin = skipSpace(text, at + key.length) + (key === ID ? 1 : 0);
    let end = begin;
    if (key === ID) end = text.indexOf('"', begin);
    else while (isDigit(text.charCodeAt(end))) end++;
    if (begin < from || end <= begin || !isValue(key, text.slice(begin, end))) return null;
    literals.push(text.slice(from, begin));
    from = end;
  }
  return { literals: [...literals, text.slice(from)], keys: found };
}

/** Whether the first `length` characters are the template's literals with a value between each two. */
function isSpelled({ literals, keys }: Template, text: string, length: number, values?: string[]): boolean {
  const first = literals[0] as string;
  let from = first.length;
  // Slices are compared as memory; startsWith goes char by char.
  if (text.slice(0, from) !== first) return false;
  const count = keys.length;
  for (let index = 0; index < count; index++) {
    const literal = literals[index + 1] as string;
    const isLast = index === count - 1;
    const end = isLast ? length - literal.length : text.indexOf(literal, from);
    if (end < from || (isLast && text.slice(end, length) !== literal)) return false;
    const value = text.slice(from, end);
    if (!isValue(keys[index] as string, value)) return false;
    if (values !== undefined) values.push(value);
    from = end + literal.length;
  }
  return from === length;
}

/** A count as written, or an id of plain letters: nothing that might be more than one value. */
function isValue(key: string, text: string): boolean {
  if (key === ID) return encodeURIComponent(text) === text;
  const count = Number(text);
  return count >= 0 && count <= Number.MAX_SAFE_INTEGER && `${count}` === text;
}

function skipSpace(text: string, at: number): number {
  return text.charCodeAt(at) === SPACE ? at + 1 : at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
