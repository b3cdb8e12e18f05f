import { type PlainAnswer, readPlainAnswer } from './plain-answer.ts';

/** A text around values that differ from answer to answer: literals, with a value between each two. */
type Template = { literals: readonly string[]; keys: readonly string[] };

/** A plain answer's spelling: all that stood before its text, up to the quote, and from the quote behind it. */
type Spelling = { head: Template; tail: Template };

const CONTENT = '"content":';
const ID = '"id":';
const INPUT = '"prompt_tokens":';
const OUTPUT = '"completion_tokens":';
const CACHED = '"cached_tokens":';
/** What differs between two answers of one model; everything else is a part of the spelling. */
const KEYS = [ID, '"created":', INPUT, OUTPUT, '"total_tokens":', CACHED];

/** Spellings kept: models of a mix, times the reasons to finish. */
const MAX_SPELLINGS = 8;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;

/**
 * Reads plain answers as `readPlainAnswer` does, which takes k6's engine some 70 µs, nearly all of it for parsing
 * JSON. A server spells all its answers alike, so those parsed before are remembered: an answer that differs from
 * one of them in its text, its id, its time and its counts alone is taken apart at these places.
 */
export function createPlainReader(): (body: string) => PlainAnswer | null {
  const known: { spelling: Spelling; like: PlainAnswer }[] = [];
  return (body) => {
    const place = placeOfText(body);
    if (place !== null) {
      for (let index = 0; index < known.length; index++) {
        const one = known[index];
        const answer = one === undefined ? null : readAs(one.spelling, one.like, { body, ...place });
        if (answer !== null) return answer;
      }
    }
    const answer = readPlainAnswer(body);
    if (answer === null || place === null || known.length >= MAX_SPELLINGS) return answer;
    const head = templateOf(body.slice(0, place.open));
    const tail = templateOf(body.slice(place.close));
    if (head !== null && tail !== null) known.push({ spelling: { head, tail }, like: answer });
    return answer;
  };
}

type Place = { open: number; close: number };

function readAs(
  { head, tail }: Spelling,
  like: PlainAnswer,
  { body, open, close }: Place & { body: string },
): PlainAnswer | null {
  const tailValues = valuesIn(tail, body.slice(close));
  if (tailValues === null) return null;
  const headValues = valuesIn(head, body.slice(0, open));
  const text = headValues === null ? null : parseText(body.slice(open, close + 1));
  if (headValues === null || text === null || text === '') return null;
  const countOf = (key: string): number =>
    tailValues[tail.keys.indexOf(key)] ?? headValues[head.keys.indexOf(key)] ?? 0;
  const inputTokens = countOf(INPUT);
  const outputTokens = countOf(OUTPUT);
  const cachedInputTokens = countOf(CACHED);
  if (outputTokens === 0 || cachedInputTokens > inputTokens) return null;
  return {
    usage: { inputTokens, cachedInputTokens, cacheWriteInputTokens: 0, outputTokens, reasoningTokens: 0 },
    answeredModel: like.answeredModel,
    finishReason: like.finishReason,
    text,
  };
}

/** Where the quotes of the answer's text are; null without one. */
function placeOfText(body: string): Place | null {
  const key = body.indexOf(CONTENT);
  if (key === -1) return null;
  const open = skipSpace(body, key + CONTENT.length);
  if (body.charCodeAt(open) !== QUOTE) return null;
  let close = body.indexOf('"', open + 1);
  while (close !== -1 && isEscaped(body, close)) close = body.indexOf('"', close + 1);
  return close === -1 ? null : { open, close };
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
    if (begin < from || end <= begin || valueOf(key, text.slice(begin, end)) === null) return null;
    literals.push(text.slice(from, begin));
    from = end;
  }
  return { literals: [...literals, text.slice(from)], keys: found };
}

/** The values between a template's literals; null for a text that is spelled in another way. */
function valuesIn({ literals, keys }: Template, text: string): number[] | null {
  const values: number[] = [];
  if (!text.startsWith(literals[0] ?? '')) return null;
  let from = (literals[0] ?? '').length;
  for (let index = 0; index < keys.length; index++) {
    const literal = literals[index + 1] ?? '';
    const end = index === keys.length - 1 ? text.length - literal.length : text.indexOf(literal, from);
    if (end < from) return null;
    const value = valueOf(keys[index] ?? '', text.slice(from, end));
    if (value === null) return null;
    values.push(value);
    from = end + literal.length;
  }
  return from === text.length && text.endsWith(literals[keys.length] ?? '') ? values : null;
}

/** A count as written, or 0 for an id of plain letters; null for anything that might be more than one value. */
function valueOf(key: string, text: string): number | null {
  if (key === ID) return encodeURIComponent(text) === text ? 0 : null;
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 && String(count) === text ? count : null;
}

function skipSpace(text: string, at: number): number {
  return text.charCodeAt(at) === SPACE ? at + 1 : at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
