import { describe, expect, test } from 'vitest';
import { readBlockingAnswer } from '../blocking-answer.ts';
import { readPlainAnswer } from './plain-answer.ts';

const PLAIN = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'demo-7b',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi you' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
};

/** Every way in which one field of an answer can be something else. */
const ODD = [
  undefined,
  null,
  0,
  1,
  -1,
  1.5,
  '',
  'x',
  '7',
  [],
  {},
  [{}],
  { error: 1 },
  { cached_tokens: 4 },
  { reasoning_tokens: 2 },
  true,
];

const PATHS = [
  ['error'],
  ['choices'],
  ['model'],
  ['usage'],
  ['x_groq'],
  ['detail'],
  ['content'],
  ['output'],
  ['type'],
  ['choices', 0],
  ['choices', 0, 'message'],
  ['choices', 0, 'finish_reason'],
  ['choices', 0, 'error'],
  ['choices', 0, 'text'],
  ['choices', 0, 'message', 'content'],
  ['choices', 0, 'message', 'reasoning'],
  ['choices', 0, 'message', 'reasoning_content'],
  ['choices', 0, 'message', 'refusal'],
  ['choices', 0, 'message', 'tool_calls'],
  ['choices', 0, 'message', 'audio'],
  ['choices', 0, 'index'],
  ['choices', 0, 'logprobs'],
  ['usage', 'prompt_tokens'],
  ['usage', 'completion_tokens'],
  ['usage', 'total_tokens'],
  ['usage', 'cost'],
  ['usage', 'prompt_tokens_details'],
  ['usage', 'completion_tokens_details'],
  ['usage', 'prompt_cache_hit_tokens'],
  ['usage', 'cache_read_input_tokens'],
  ['usage', 'input_tokens'],
];

function changed(path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(PLAIN) as unknown as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return JSON.stringify(copy);
}

describe('the quick reader of plain answers', () => {
  test('reads an ordinary one', () => {
    expect(readPlainAnswer(JSON.stringify(PLAIN))).toEqual({
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

  test.each(['', 'null', '[]', '{', '<html>', '{"choices":[]}'])(
    'leaves %j to the reader of all answers',
    (body) => {
      expect(readPlainAnswer(body)).toBeNull();
    },
  );

  test('says what the reader of all answers says, wherever it says anything', () => {
    let agreed = 0;
    for (const path of PATHS) {
      for (const value of ODD) {
        const bodyText = changed(path, value);
        const plain = readPlainAnswer(bodyText);
        if (plain === null) continue;
        const full = readBlockingAnswer({ status: 200, headers: {}, bodyText });
        expect(full.outcome, bodyText).toEqual({ kind: 'ok' });
        expect(
          {
            usage: full.usage,
            answeredModel: full.answeredModel,
            finishReason: full.finishReason,
            text: full.answer,
          },
          bodyText,
        ).toEqual(plain);
        expect(full.reportedCostUsd, bodyText).toBeNull();
        agreed++;
      }
    }
    expect(agreed).toBeGreaterThan(50);
  });
});
