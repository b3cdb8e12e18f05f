import { describe, expect, test } from 'vitest';
import { readPlainAnswer } from './plain-answer.ts';
import { createPlainReader } from './plain-reader.ts';

const HEAD = { id: 'c1', object: 'chat.completion', created: 1, model: 'demo-7b' };
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
const OPENAI = {
  ...HEAD,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hi "you"\n\\', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    ...USAGE,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0 },
  },
  service_tier: 'default',
  system_fingerprint: null,
};
const LLAMA = {
  choices: [{ finish_reason: 'length', index: 0, message: { role: 'assistant', content: 'été' } }],
  ...HEAD,
  usage: USAGE,
};

/** The same spelling with another id, time, text and counts. */
function another(body: string): string {
  return body
    .replace('c1', 'chatcmpl-27')
    .replace(/("created": ?)1/, '$11760000000')
    .replace('Hi', 'Bye')
    .replace('été', 'hiver \\u00e9')
    .replace(/("prompt_tokens": ?)9/, '$1900')
    .replace(/("completion_tokens" ?: ?)3/, '$164')
    .replace(/("total_tokens": ?)12/, '$1964');
}

const BODIES: [string, string][] = [
  ['compact', JSON.stringify(OPENAI)],
  ['indented, as OpenAI writes', JSON.stringify(OPENAI, null, 2)],
  ['with spaces, as Python writes', JSON.stringify(OPENAI).replaceAll(/([:,])(?=["[{\dn])/g, '$1 ')],
  ['choices first, the reason before the message', JSON.stringify(LLAMA)],
  [
    'with the cached count spelled apart',
    JSON.stringify(OPENAI).replace('"cached_tokens":', '"cached_tokens" :'),
  ],
  [
    'with the output count spelled apart',
    JSON.stringify(OPENAI).replace('"completion_tokens":', '"completion_tokens" :'),
  ],
  [
    'with the counts before the choices',
    JSON.stringify(Object.fromEntries(Object.entries(LLAMA).toReversed())),
  ],
  ['without a model', JSON.stringify({ ...LLAMA, model: undefined })],
  ['with an empty model', JSON.stringify({ ...LLAMA, model: '' })],
  ['with a model of null', JSON.stringify({ ...LLAMA, model: null })],
];

describe('the reader that remembers spellings', () => {
  test.each(BODIES)('reads the next answer as the parser does: %s', (_, body) => {
    const read = createPlainReader();
    expect(read(body)).toEqual(readPlainAnswer(body));
    const next = another(body);
    expect(next).not.toBe(body);
    expect(read(next)).not.toBeNull();
    expect(read(next)).toEqual(readPlainAnswer(next));
  });

  test('tells spellings apart, more of them than it remembers', () => {
    const read = createPlainReader();
    for (let round = 0; round < 3; round++) {
      for (let model = 0; model < 12; model++) {
        const body = JSON.stringify({ ...OPENAI, model: `m${model}` });
        expect(read(body)).toEqual(readPlainAnswer(body));
      }
    }
  });

  test('leaves a total that holds more than its parts, and a tier of its own, to the reader of all answers', () => {
    const read = createPlainReader();
    const body = JSON.stringify(OPENAI);
    expect(read(body)).not.toBeNull();
    expect(read(body.replace('"total_tokens":12', '"total_tokens":412'))).toBeNull();
    expect(read(body.replace('"service_tier":"default"', '"service_tier":"flex"'))).toBeNull();
    expect(createPlainReader()(body.replace('"total_tokens":12', '"total_tokens":412'))).toBeNull();
    expect(createPlainReader()(body.replace('"default"', '"priority"'))).toBeNull();
  });

  test('reads no answer that was cut off', () => {
    const read = createPlainReader();
    const body = JSON.stringify(OPENAI);
    read(body);
    for (let length = 0; length < body.length; length++) {
      expect(read(body.slice(0, length)), String(length)).toBeNull();
    }
  });

  test.each([
    ['"', '\\', ',', ':', '{', '}', '[', ']', '0', '1', ' ', 'x', '\u0001', '-', '.', 'é'],
    ['","x":"', '9,"x":1', '00', '1e3', '\n', ''],
  ])('says what the parser says when something stands in the place of one character', (...others) => {
    const read = createPlainReader();
    for (const [, body] of BODIES) read(body);
    for (const [, body] of BODIES) {
      for (let at = 0; at < body.length; at++) {
        for (const other of others) {
          const changed = body.slice(0, at) + other + body.slice(at + 1);
          expect(read(changed), changed).toEqual(readPlainAnswer(changed));
        }
      }
    }
  });

  test('takes apart instead of parsing', () => {
    const read = createPlainReader();
    const body = JSON.stringify(OPENAI);
    read(body);
    const parse = JSON.parse;
    let longest = 0;
    JSON.parse = (text: string): unknown => {
      longest = Math.max(longest, text.length);
      return parse(text);
    };
    try {
      read(another(body));
    } finally {
      JSON.parse = parse;
    }
    expect(longest).toBeLessThan(30);
  });
});
