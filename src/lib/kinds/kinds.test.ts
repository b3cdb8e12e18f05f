import { describe, expect, test } from 'vitest';
import { attemptOf } from '../answer/http-answer.ts';
import type { ExpectedAnswer } from './expected-answer.ts';
import { KIND_NAMES, KINDS, kindOf } from './kinds.ts';

const MESSAGES = ['Be brief.', 'Name a bird.'].map((content) => ({ role: 'user' as const, content }));

test('each has a name and a path of its own', () => {
  expect(new Set(KIND_NAMES).size).toBe(KINDS.length);
  expect(new Set(KINDS.map(({ path }) => path)).size).toBe(KINDS.length);
});

describe.each(KINDS)('$name', (kind) => {
  test('its answers are read as its table says', async () => {
    const { EXPECTED }: { EXPECTED: readonly ExpectedAnswer[] } = await import(`./${kind.name}/expected.ts`);
    expect(EXPECTED.length).toBeGreaterThan(1);
    for (const { title, body, stream, items, outcome, usage, model, text } of EXPECTED) {
      const { attempt, text: read } = attemptOf({
        status: 200,
        errorCode: 0,
        errorText: '',
        headers: {},
        bodyText: body,
        stream,
        wantsText: text !== null,
        asked: { kind: kindOf(kind.name), items },
        ttfbMs: null,
        endMs: 1,
        nowMs: 0,
      });
      const end = attempt.outcome.kind === 'failed' ? attempt.outcome.error : attempt.outcome.kind;
      const { inputTokens, outputTokens } = attempt.usage;
      const found = {
        outcome: end,
        usage: { inputTokens, outputTokens },
        model: attempt.answeredModel,
        read,
      };
      expect({ title, ...found }).toEqual({ title, outcome, usage, model, read: text });
    }
  });

  test('what it asks is JSON in one of its own fields', () => {
    const fields: object = JSON.parse(`{${kind.encode(MESSAGES)}}`);
    expect(Object.keys(fields).some((name) => kind.askFields.includes(name))).toBe(true);
    expect(kind.countItems?.({ ...fields }) ?? null).toBe(
      kind.answers === 'text' ? null : kind.name === 'rerank' ? 1 : 2,
    );
  });
});
