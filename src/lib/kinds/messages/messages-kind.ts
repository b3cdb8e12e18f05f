import { type Kind, TEXT_KIND } from '../kind.ts';
import { splitSystem, systemApart } from '../system-apart.ts';

const FIELDS = { system: 'system', list: 'messages' };

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
    const { system, said } = splitSystem(messages);
    return systemApart(FIELDS, system, said);
  },
  encodeTools: (tools) =>
    tools.map(({ function: { name, description, parameters = { type: 'object' } } }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: parameters,
    })),
  encodeRaw: (system, messages) => systemApart(FIELDS, system, messages),
  picture: {
    opening: '{"type":"image","source":{"type":"base64","media_type":"image/png","data":"',
    closing: '"}}',
    textType: 'text',
  },
} as const satisfies Kind;
