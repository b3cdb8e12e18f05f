import { type Kind, TEXT_KIND } from '../kind.ts';
import { splitSystem, systemApart } from '../system-apart.ts';

const FIELDS = { system: 'instructions', list: 'input' };

/** OpenAI's Responses (platform.openai.com/docs/api-reference/responses, 2026-11). The system text is `instructions`. */
export const RESPONSES_KIND = {
  ...TEXT_KIND,
  name: 'responses',
  path: 'responses',
  limitField: 'max_output_tokens',
  asksForUsage: false,
  askFields: ['input'],
  encode: (messages) => {
    const { system, said } = splitSystem(messages);
    return systemApart(FIELDS, system, said);
  },
  // They stand flat in the list.
  encodeTools: (tools) => tools.map(({ type, function: called }) => ({ type, ...called })),
  encodeRaw: (system, messages) => systemApart(FIELDS, system, messages),
  picture: {
    opening: '{"type":"input_image","image_url":"data:image/png;base64,',
    closing: '"}',
    textType: 'input_text',
  },
} as const satisfies Kind;
