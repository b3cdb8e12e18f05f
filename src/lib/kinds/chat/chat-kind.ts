import { type Kind, TEXT_KIND } from '../kind.ts';

/** OpenAI's chat completions (platform.openai.com/docs/api-reference/chat, 2026-11), and what nearly all servers take. */
export const CHAT_KIND = {
  ...TEXT_KIND,
  name: 'chat',
  path: 'chat/completions',
  limitField: 'by-model',
  asksForUsage: true,
  takesExactLength: true,
  askFields: ['messages'],
  encode: (messages) => `"messages":${JSON.stringify(messages)}`,
  encodeRaw: (system, messages) => {
    const opening = system === null ? [] : [{ role: 'system', content: system }];
    return `"messages":${JSON.stringify([...opening, ...messages])}`;
  },
  picture: {
    opening: '{"type":"image_url","image_url":{"url":"data:image/png;base64,',
    closing: '"}}',
    textType: 'text',
  },
} as const satisfies Kind;
