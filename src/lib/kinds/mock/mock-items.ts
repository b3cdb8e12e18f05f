import type { ToldUsage } from './mock-format.ts';
import { type AskedText, type AskProblem, type RequestFields, textsOf, tokenTexts } from './mock-part.ts';

/** A field that holds a text or a list of them, each for an item of the answer. */
export function readTextsIn(fields: RequestFields, field: string): AskedText[] | AskProblem {
  const texts = textsOf(fields[field]) ?? tokenTexts(fields[field]);
  if (texts === null) return { message: `${field}: expected a text or a list of texts`, param: field };
  return texts.map((text) => ({ role: field, text, pictures: 0 }));
}

/** The field `usage` of an answer without output, behind a comma; nothing for none. */
export function inputUsage(usage: ToldUsage | null): string {
  if (usage === null) return '';
  return `,"usage":{"prompt_tokens":${usage.inputTokens},"total_tokens":${usage.inputTokens}}`;
}
