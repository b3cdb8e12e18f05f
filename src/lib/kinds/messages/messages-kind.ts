import { type Kind, TEXT_KIND } from '../kind.ts';

/** Anthropic's Messages (docs.anthropic.com/en/api/messages, 2026-11). It takes the system text apart from the turns. */
export const MESSAGES_KIND = {
  ...TEXT_KIND,
  name: 'messages',
  path: 'messages',
  headers: { 'anthropic-version': '2023-06-01' },
  limitField: 'max_tokens',
  asksForUsage: false,
  askFields: ['messages'],
  encode: (messages) => {
    const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
    const turns = `"messages":${JSON.stringify(messages.filter(({ role }) => role !== 'system'))}`;
    return system.length === 0 ? turns : `"system":${JSON.stringify(system.join('\n'))},${turns}`;
  },
} as const satisfies Kind;
