import type { ToldUsage } from './mock-format.ts';
import { type AskedText, type AskProblem, type RequestFields, textsOf } from './mock-part.ts';

/** A field that holds a text or a list of them, each for an item of the answer. */
export function readTextsIn(fields: RequestFields, field: string): AskedText[] | AskProblem {
  const texts = textsOf(fields[field]) ?? tokenTexts(fields[field]);
  if (texts === null) return { message: `${field}: expected a text or a list of texts`, param: field };
  return texts.map((text) => ({ role: field, text, pictures: 0 }));
}

/** Texts as token numbers, one list or several: as many characters as the mock counts for so many tokens. */
function tokenTexts(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const lists: readonly unknown[] = typeof value[0] === 'number' ? [value] : value;
  if (!lists.every((list): list is number[] => Array.isArray(list) && list.every(Number.isInteger)))
    return null;
  return lists.map((list) => ' '.repeat(4 * list.length));
}

/** The field `usage` of an answer without output, behind a comma; nothing for none. */
export function inputUsage(usage: ToldUsage | null): string {
  if (usage === null) return '';
  return `,"usage":{"prompt_tokens":${usage.inputTokens},"total_tokens":${usage.inputTokens}}`;
}
