import { describe, expect, test } from 'vitest';
import { attemptOf } from '../answer/http-answer.ts';
import { EXPECTED as MADE_UP } from '../../../test/fixtures/kinds/haiku/expected.ts';
import { HAIKU_KIND } from '../../../test/fixtures/kinds/haiku/haiku-kind.ts';
import type { Tool } from '../request/tool.ts';
import { ANSWER_FORMS } from './answer-forms.ts';
import type { ExpectedAnswer } from './expected-answer.ts';
import type { Kind } from './kind.ts';
import type { MockPart } from './mock/mock-part.ts';
import { KIND_NAMES, KINDS, kindOf } from './kinds.ts';

const MESSAGES = ['Be brief.', 'Name a bird.'].map((content) => ({ role: 'user' as const, content }));

/** What of each body of a table comes out: how it ended, its counts, its model and its text. */
function readsAsTold(kind: Kind, table: readonly ExpectedAnswer[]): void {
  for (const { title, body, stream, items, outcome, usage, model, text } of table) {
    const { attempt, text: read } = attemptOf({
      status: 200,
      errorCode: 0,
      errorText: '',
      headers: {},
      bodyText: body,
      stream,
      wantsText: text !== null,
      asked: { kind, items },
      ttfbMs: null,
      endMs: 1,
      nowMs: 0,
    });
    const end = attempt.outcome.kind === 'failed' ? attempt.outcome.error : attempt.outcome.kind;
    const { inputTokens, outputTokens } = attempt.usage;
    const found = { outcome: end, usage: { inputTokens, outputTokens }, model: attempt.answeredModel, read };
    expect({ title, ...found }).toEqual({ title, outcome, usage, model, read: text });
  }
}

test('each has a name and a path of its own', () => {
  expect(new Set(KIND_NAMES).size).toBe(KINDS.length);
  expect(new Set(KINDS.map(({ path }) => path)).size).toBe(KINDS.length);
});

describe.each(KINDS)('$name', (kind) => {
  test('its answers are read as its table says', async () => {
    const { EXPECTED }: { EXPECTED: readonly ExpectedAnswer[] } = await import(`./${kind.name}/expected.ts`);
    expect(EXPECTED.length).toBeGreaterThan(1);
    readsAsTold(kind, EXPECTED);
  });

  test('the request before the run is one that its mock takes', async () => {
    const { MOCK }: { MOCK: MockPart } = await import(`./${kind.name}/mock.ts`);
    const fields: Record<string, unknown> = JSON.parse(`{${kind.encode(kind.greeting)}}`);
    expect(MOCK.readAsked(fields, () => null)).toHaveLength(kind.greeting.length);
  });

  test('nothing is paid for what it cannot write', () => {
    expect(kind.paysFor).toBe(kind.answers === 'text' ? 'input and output' : 'input');
  });

  test('what it asks is JSON in one of its own fields', () => {
    const fields: object = JSON.parse(`{${kind.encode(MESSAGES)}}`);
    expect(Object.keys(fields).some((name) => kind.askFields.includes(name))).toBe(true);
    const items = kind.answers === 'text' ? null : MESSAGES.length - (kind.hasQuery ? 1 : 0);
    expect(kind.countItems?.({ ...fields }) ?? null).toBe(items);
  });
});

test('a kind of somebody’s own is read by its folder alone', () => readsAsTold(HAIKU_KIND, MADE_UP));

test('each form of text takes what is its own, and no other does', () => {
  const bodies = [
    { object: 'response', output: [] },
    { type: 'response.created' },
    { type: 'message_start' },
    { type: 'response.created', choices: [] },
    { type: 'error', choices: [] },
    { message: 'plain words' },
  ];
  const formOf = (body: object): number => ANSWER_FORMS.findIndex(({ isOf }) => isOf({ ...body }));
  expect(bodies.map(formOf)).toEqual([0, 0, 1, 2, 2, 2]);
});

describe('tools', () => {
  const find: Tool = {
    type: 'function',
    function: { name: 'find', description: 'Finds it', parameters: { type: 'object', properties: {} } },
  };

  test('go out as they are to servers that speak OpenAI’s API', () => {
    expect(kindOf('chat').encodeTools([find])).toEqual([find]);
  });

  test('and as Anthropic spells them', () => {
    const go: Tool = { type: 'function', function: { name: 'go' } };
    expect(kindOf('messages').encodeTools([find, go])).toEqual([
      { name: 'find', description: 'Finds it', input_schema: { type: 'object', properties: {} } },
      { name: 'go', input_schema: { type: 'object' } },
    ]);
  });

  test('and flat in the Responses API', () => {
    expect(kindOf('responses').encodeTools([find])).toEqual([{ type: 'function', ...find.function }]);
  });
});
