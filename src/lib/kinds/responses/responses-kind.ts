import { type Kind, TEXT_KIND } from '../kind.ts';

/** OpenAI's Responses (platform.openai.com/docs/api-reference/responses, 2026-11). The system text is `instructions`. */
export const RESPONSES_KIND = {
  ...TEXT_KIND,
  name: 'responses',
  path: 'responses',
  limitField: 'max_output_tokens',
  asksForUsage: false,
  askFields: ['input'],
  encode: (messages) => {
    const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
    const input = `"input":${JSON.stringify(messages.filter(({ role }) => role !== 'system'))}`;
    return system.length === 0 ? input : `"instructions":${JSON.stringify(system.join('\n'))},${input}`;
  },
} as const satisfies Kind;
