// The request that every client sends: of the length of the built-in prompts.
const PROMPT =
  'A customer writes that an order from last week arrived with one item missing and another one damaged, and asks what happens now. ' +
  'Write a friendly answer of three short paragraphs: say what you understood, what is done next and until when, and what the customer ' +
  'must keep at hand. Use plain words, no promises about money, and end with an offer to help with anything else.';

/** A price is known for it, so that our side has dollars to work out too. */
export const MODEL = 'gpt-4.1';

export function bodyOf({ stream, tokens = 64 }) {
  return JSON.stringify({
    model: MODEL,
    messages: [{ role: 'user', content: PROMPT }],
    max_tokens: tokens,
    temperature: 0.3,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}
