import { isRecord } from '../../parse/json.ts';
import type { MockFormat } from './mock-format.ts';

/** A kind on the mock: what its folder's `mock.ts` exports as `MOCK`. */
export type MockPart = {
  /** What is asked, in its order; or what is wrong with it. */
  readAsked: (fields: RequestFields, saidUpTo: SaidUpTo) => readonly AskedText[] | AskProblem;
  /** Of what is asked, what a later request may go on from by the answer's id alone; null: not from this one. */
  keptOf?: (fields: RequestFields, asked: readonly AskedText[]) => readonly AskedText[] | null;
  /** Fields that limit the answer, of which the smallest holds. */
  limitFields: readonly string[];
  /** Streams tell their token counts unasked. */
  tellsUsageUnasked: boolean;
  /** Several answers to one request may be asked for (`n`): to all of it, or to each of its texts. */
  takesChoices: false | 'to all' | 'to each text';
  /** It may call tools, reason first, and be told to answer in JSON. */
  takesTools: boolean;
  /** Tokens that stand around each text, and around all of them together. */
  templateTokens: { each: number; once: number };
  /** Items that an answer to so many texts holds; null: it is text. */
  itemsOf: ((texts: number, fields: RequestFields) => number) | null;
  /** A call that counts the tokens of a request and answers none; null: the kind has none. */
  counting: { path: string; body: (inputTokens: number) => string } | null;
  format: MockFormat;
};

export type RequestFields = Readonly<Record<string, unknown>>;

/** One text of what is asked, and how many pictures stand beside it. */
export type AskedText = { role: string; text: string; pictures: number };

/** A body that is no request of its kind. */
export type AskProblem = { message: string; param: string | null; code?: string };

/** All that was said up to the end of an earlier answer, by its id; null: the mock has none of it. */
export type SaidUpTo = (id: string) => readonly AskedText[] | null;

/** Messages as chat, Anthropic and the Responses API have them: a role, and a text or a list of parts. */
export function readMessages(values: unknown, field: string): AskedText[] | AskProblem {
  if (!Array.isArray(values) || values.length === 0) {
    return { message: `${field}: expected a list with at least one message`, param: field };
  }
  const texts: AskedText[] = [];
  for (const value of values) {
    if (!isRecord(value) || typeof value['role'] !== 'string') {
      return { message: `${field}: expected objects with a role and a content`, param: field };
    }
    texts.push(askedText(value['role'], value['content']));
  }
  return texts;
}

/** A content is a text, or a list of parts: texts count by their length, pictures one by one. */
export function askedText(role: string, content: unknown): AskedText {
  if (typeof content === 'string') return { role, text: content, pictures: 0 };
  const parts = Array.isArray(content) ? content.filter(isRecord) : [];
  const text = parts.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
  const pictures = parts.filter(({ type }) => typeof type === 'string' && type.includes('image')).length;
  return { role, text, pictures };
}

/** Texts as token numbers, one list or several: as many characters as the mock counts for so many tokens; null for anything else. */
export function tokenTexts(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const lists: readonly unknown[] = typeof value[0] === 'number' ? [value] : value;
  if (!lists.every((list): list is number[] => Array.isArray(list) && list.every(Number.isInteger)))
    return null;
  return lists.map((list) => ' '.repeat(4 * list.length));
}

/** A text, or a list of texts; null for anything else, and for an empty list. */
export function textsOf(value: unknown): string[] | null {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((text) => typeof text === 'string') ? value : null;
}
