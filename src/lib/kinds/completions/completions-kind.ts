import { type Kind, TEXT_KIND } from '../kind.ts';

/** OpenAI's older completions (platform.openai.com/docs/api-reference/completions, 2026-11): one text goes on. */
export const COMPLETIONS_KIND = {
  ...TEXT_KIND,
  name: 'completions',
  path: 'completions',
  limitField: 'max_tokens',
  asksForUsage: true,
  takesExactLength: true,
  askFields: ['prompt'],
  // It knows no roles: what was said stands one after the other, as in a document.
  encode: (messages) => `"prompt":${JSON.stringify(messages.map(({ content }) => content).join('\n\n'))}`,
} as const satisfies Kind;
