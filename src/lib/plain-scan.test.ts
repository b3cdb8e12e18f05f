import { describe, expect, test } from 'vitest';
import { parsePlainAnswer } from './plain-answer.ts';
import { scanPlainAnswer } from './plain-scan.ts';

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

describe('the scanner of plain answers', () => {
  test.each([
    ['compact', JSON.stringify(OPENAI)],
    ['indented, as OpenAI writes', JSON.stringify(OPENAI, null, 2)],
    ['with spaces, as Python writes', JSON.stringify(OPENAI).replaceAll(/([:,])(?=["[{\dn])/g, '$1 ')],
    ['choices first, the reason before the message', JSON.stringify(LLAMA)],
    ['without a model', JSON.stringify({ ...LLAMA, model: undefined })],
    ['with an empty model', JSON.stringify({ ...LLAMA, model: '' })],
    ['with a model of null', JSON.stringify({ ...LLAMA, model: null })],
  ])('reads as the parser does: %s', (_, body) => {
    expect(scanPlainAnswer(body)).not.toBeNull();
    expect(scanPlainAnswer(body)).toEqual(parsePlainAnswer(body));
  });

  test.each([
    ['an error beside the choices', JSON.stringify({ ...OPENAI, error: { message: 'x' } })],
    ['two choices', JSON.stringify({ ...LLAMA, choices: [...LLAMA.choices, ...LLAMA.choices] })],
    ['no usage', JSON.stringify({ ...LLAMA, usage: undefined })],
    ['an empty text', JSON.stringify(LLAMA).replace('été', '')],
    ['a raw line end inside the text', JSON.stringify(LLAMA).replace('été', 'a\nb')],
    ['an unknown escape', JSON.stringify(LLAMA).replace('été', '\\x')],
    ['reasoning tokens', JSON.stringify(OPENAI).replace('"reasoning_tokens":0', '"reasoning_tokens":2')],
    ['a tool call', JSON.stringify(OPENAI).replace('"refusal":null', '"tool_calls":[{}]')],
    ['another finish reason', JSON.stringify(OPENAI).replace('"stop"', '"content_filter"')],
    ['more behind the end', `${JSON.stringify(OPENAI)}{}`],
    ['more cached than input', JSON.stringify(OPENAI).replace('"cached_tokens":4', '"cached_tokens":40')],
  ])('leaves to others: %s', (_, body) => {
    expect(scanPlainAnswer(body)).toBeNull();
  });

  test('leaves every answer that was cut off', () => {
    const body = JSON.stringify(OPENAI);
    for (let length = 0; length < body.length; length++) {
      expect(scanPlainAnswer(body.slice(0, length)), String(length)).toBeNull();
    }
  });

  test('never says more than the parser when one byte is another', () => {
    const body = JSON.stringify(OPENAI);
    let read = 0;
    for (let at = 0; at < body.length; at++) {
      for (const byte of ['"', '\\', ',', ':', '{', '}', '[', ']', '0', ' ', 'x', '\u0001']) {
        const changed = body.slice(0, at) + byte + body.slice(at + 1);
        const scanned = scanPlainAnswer(changed);
        if (scanned === null) continue;
        expect(scanned, changed).toEqual(parsePlainAnswer(changed));
        read++;
      }
    }
    expect(read).toBeGreaterThan(100);
  });
});
