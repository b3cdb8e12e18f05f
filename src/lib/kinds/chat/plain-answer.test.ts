import { describe, expect, test } from 'vitest';
import { exhaustively } from '../../../../test/support/exhaustively.ts';
import { askedAnswer } from '../../../../test/support/asked-answer.ts';
import { oddBodies, PLAIN_BODIES, PLAIN_BODY, readInFull } from '../../../../test/support/plain-bodies.ts';
import { readBlockingAnswer } from '../../answer/blocking-answer.ts';
import { createPlainReader } from './plain-answer.ts';

describe('the quick reader of plain answers', () => {
  test('reads an ordinary one', () => {
    expect(createPlainReader()(askedAnswer(JSON.stringify(PLAIN_BODY)))).toEqual({
      usage: {
        inputTokens: 9,
        cachedInputTokens: 0,
        cacheWriteInputTokens: 0,
        outputTokens: 3,
        reasoningTokens: 0,
      },
      answeredModel: 'demo-7b',
      finishReason: 'stop',
      text: 'Hi you',
    });
  });

  test.each(PLAIN_BODIES)('takes what servers write: %s', (body) => {
    expect(createPlainReader()(askedAnswer(body))).toEqual(readInFull(body));
  });

  const [CHOICE] = PLAIN_BODY.choices;
  const chosen = (fields: object) => ({ choices: [{ ...CHOICE, ...fields }] });
  const said = (fields: object) => chosen({ message: { role: 'assistant', content: 'Hi you', ...fields } });
  const used = (fields: object) => ({ usage: { ...PLAIN_BODY.usage, ...fields } });

  test.each<[string, object]>([
    ['no name of its form', { object: undefined }],
    ['an empty model', { model: '' }],
    ['no total', used({ total_tokens: undefined })],
    ['a total that is too small', used({ total_tokens: 5 })],
    ['an input that is cached as a whole', used({ prompt_tokens_details: { cached_tokens: 9 } })],
    ['details without counts', used({ completion_tokens_details: { reasoning_tokens: null } })],
    ['a tier that it was served in as always', { service_tier: 'auto' }],
  ])('takes %s', (_, fields) => {
    const body = JSON.stringify({ ...PLAIN_BODY, ...fields });
    const read = createPlainReader()(askedAnswer(body));
    expect(read).not.toBeNull();
    expect(read).toEqual(readInFull(body));
  });

  test.each<[string, object]>([
    ['of another form', { object: 'text_completion' }],
    ['with an error', { error: 'no' }],
    ['from a tier of its own price', { service_tier: 'priority' }],
    ['of two choices', { choices: [CHOICE, CHOICE] }],
    ['of a choice under its number', { choices: { 0: CHOICE } }],
    ['that called a tool', said({ tool_calls: [{ id: 'a' }] })],
    ['that refused', said({ refusal: 'No' })],
    ['that refused in no words', said({ refusal: '' })],
    ['that reasoned', used({ completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 0 } })],
    ['that heard', used({ prompt_tokens_details: { audio_tokens: 2 } })],
    ['that ended for a tool', chosen({ finish_reason: 'tool_calls' })],
    ['without content', said({ content: null })],
    ['of an empty content', said({ content: '' })],
    ['without usage', { usage: undefined }],
    ['with input that is no number', used({ prompt_tokens: '9' })],
    ['with input that is no whole number', used({ prompt_tokens: 8.5, total_tokens: undefined })],
    [
      'with input below nothing',
      used({ prompt_tokens: -1, prompt_tokens_details: { cached_tokens: -1 }, total_tokens: undefined }),
    ],
    ['without a count of its output', used({ completion_tokens: undefined })],
    ['with no output', used({ completion_tokens: 0, total_tokens: 9 })],
    ['with more in the cache than came in', used({ prompt_tokens_details: { cached_tokens: 40 } })],
    ['with a cache that is no number', used({ prompt_tokens_details: { cached_tokens: '4' } })],
    ['with more in all than in its parts', used({ total_tokens: 700 })],
    ['with a total that is no number', used({ total_tokens: 'x' })],
  ])('leaves an answer %s to the reader of all', (_, fields) => {
    expect(createPlainReader()(askedAnswer(JSON.stringify({ ...PLAIN_BODY, ...fields })))).toBeNull();
  });

  test('leaves whatever is no answer to the reader of all', () => {
    const asked = askedAnswer(JSON.stringify(PLAIN_BODY));
    for (const parts of [undefined, null, 7, 'x', {}]) {
      expect(createPlainReader()({ json: () => parts })).toBeNull();
    }
    const shaped = (change: (shape: string) => string) => ({
      json: (query: string): unknown => {
        const parts: { shape: string } = JSON.parse(JSON.stringify(asked.json(query)));
        return { ...parts, shape: change(parts.shape) };
      },
    });
    expect(createPlainReader()(shaped((shape) => shape))).not.toBeNull();
    for (const shape of ['', 'null', '7', '{}']) expect(createPlainReader()(shaped(() => shape))).toBeNull();
    const halved = shaped((shape) => shape.replace('["chat.completion"]', '7'));
    expect(createPlainReader()(halved)).toBeNull();
  });

  exhaustively('says what the reader of all answers says, wherever it says anything', () => {
    const read = createPlainReader();
    let agreed = 0;
    for (const bodyText of oddBodies()) {
      const plain = read(askedAnswer(bodyText));
      if (plain === null) continue;
      const { outcome, reportedCostUsd, reported, rates, warnings, toolCalls, reasoning } =
        readBlockingAnswer({
          status: 200,
          headers: {},
          bodyText,
        });
      expect(plain, bodyText).toEqual(readInFull(bodyText));
      expect({ outcome, reportedCostUsd, reported, rates, warnings, toolCalls, reasoning }, bodyText).toEqual(
        {
          outcome: { kind: 'ok' },
          reportedCostUsd: null,
          reported: null,
          rates: [],
          warnings: [],
          toolCalls: [],
          reasoning: '',
        },
      );
      agreed++;
    }
    expect(agreed).toBeGreaterThan(200);
  });

  exhaustively('remembers shapes, more models than it has room for, and forgets no difference', () => {
    const read = createPlainReader();
    for (let round = 0; round < 3; round++) {
      for (let model = 0; model < 40; model++) {
        const body = JSON.stringify({
          ...PLAIN_BODY,
          model: `m${model}`,
          ...(model % 7 === 0 ? { error: 'no' } : {}),
        });
        expect(read(askedAnswer(body)), body).toEqual(model % 7 === 0 ? null : readInFull(body));
      }
    }
  });

  test('of fields of one name nobody knows which one counts', () => {
    const asked = askedAnswer(JSON.stringify(PLAIN_BODY));
    const doubled = (name: string) => ({
      json: (query: string): unknown => {
        const told = asked.json(query);
        return JSON.parse(JSON.stringify(told).replaceAll(`\\"${name}\\"`, `\\"${name}\\",\\"${name}\\"`));
      },
    });
    expect(createPlainReader()(doubled('nowhere'))).not.toBeNull();
    for (const name of ['id', 'index', 'role', 'total_tokens']) {
      expect(createPlainReader()(doubled(name)), name).toBeNull();
    }
  });
});
