import { describe, expect, test } from 'vitest';
import { exhaustively } from '../../../../test/support/exhaustively.ts';
import { askedAnswer } from '../../../../test/support/asked-answer.ts';
import { oddBodies, PLAIN_BODIES, PLAIN_BODY } from '../../../../test/support/plain-bodies.ts';
import { readBlockingAnswer } from '../../answer/blocking-answer.ts';
import { createPlainReader, type PlainAnswer } from './plain-answer.ts';

/** What the reader of all answers says, of the fields of a plain answer. */
function full(bodyText: string): PlainAnswer {
  const { usage, answeredModel, finishReason, answer } = readBlockingAnswer({
    status: 200,
    headers: {},
    bodyText,
  });
  return { usage, answeredModel, finishReason: finishReason ?? '', text: answer };
}

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
    expect(createPlainReader()(askedAnswer(body))).toEqual(full(body));
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
      expect(plain, bodyText).toEqual(full(bodyText));
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
        expect(read(askedAnswer(body)), body).toEqual(model % 7 === 0 ? null : full(body));
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
