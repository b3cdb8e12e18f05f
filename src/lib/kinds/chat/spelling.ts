import type { Usage } from '../../answer/attempt.ts';

/** What answers that are spelled alike have in common, but for their counts. */
export type SpelledAnswer = { usage: Usage; answeredModel: string | null; finishReason: string };

/**
 * How a server writes its plain answers: the text around what each has of its own. A valid JSON text with all of it in its
 * place differs in nothing else: a mark that were part of a string would leave the names behind it outside of one.
 */
export type Spelling = {
  opening: string;
  /** What stands behind each place, up to the next. */
  literals: readonly string[];
  /** Which place has what; -1: none has. */
  at: Readonly<Record<Place, number>>;
  /** Of the answer that it was learnt from: the same for all that are spelled like it. */
  answer: SpelledAnswer;
};

type Place = 'id' | 'created' | 'content' | 'prompt_tokens' | 'completion_tokens' | 'total_tokens';

const TEXTS: readonly Place[] = ['id', 'content'];
const COUNTS: readonly Place[] = ['created', 'prompt_tokens', 'completion_tokens', 'total_tokens'];

/**
 * What stands at a spelling's places in this body; null: it is spelled in another way. A place holds what is to be there
 * if its texts have no quotes, and its counts nothing but a number.
 */
export function valuesIn(body: string, spelling: Spelling): string[] | null {
  const { opening, literals } = spelling;
  if (!body.startsWith(opening)) return null;
  const values: string[] = [];
  let from = opening.length;
  for (let place = 0; place < literals.length; place++) {
    const literal = literals[place] as string;
    const to = body.indexOf(literal, from);
    if (to === -1) return null;
    values.push(body.slice(from, to));
    from = to + literal.length;
  }
  return from === body.length ? values : null;
}

/** Stands in no JSON. */
const NO_JSON = '\0';

/** Learns it from a body and what was read of it; null: from this one it cannot be told. */
export function learnSpelling(
  body: string,
  { usage, answeredModel, finishReason, text }: SpelledAnswer & { text: string | null },
): Spelling | null {
  const places: { name: Place; from: number; to: number }[] = [];
  for (const name of [...TEXTS, ...COUNTS]) {
    const key = `"${name}":`;
    const at = body.indexOf(key);
    if (at === -1) continue;
    if (at !== body.lastIndexOf(key)) return null;
    const isText = TEXTS.includes(name);
    let from = at + key.length;
    while (body.charAt(from) === ' ') from++;
    if (isText && body.charAt(from++) !== '"') return null;
    let to = isText ? body.indexOf('"', from) : from;
    if (!isText) while (to < body.length && '0123456789'.includes(body.charAt(to))) to++;
    places.push({ name, from, to });
  }
  places.sort((one, other) => one.from - other.from);
  const { prompt_tokens, completion_tokens, content, ...others } = Object.fromEntries(
    places.map(({ name }, index) => [name, index]),
  );
  if (prompt_tokens === undefined || completion_tokens === undefined || content === undefined) return null;
  // Joined and cut again: what is only cut would hold the whole body in memory.
  const [opening = '', ...literals] = [0, ...places.map(({ to }) => to)]
    .map((from, index) => body.slice(from, places[index]?.from))
    .join(NO_JSON)
    .split(NO_JSON);
  const spelling = {
    opening,
    literals,
    at: { id: -1, created: -1, total_tokens: -1, ...others, prompt_tokens, completion_tokens, content },
    answer: { usage, answeredModel, finishReason },
  };
  return valuesIn(body, spelling)?.[content] === text ? spelling : null;
}
