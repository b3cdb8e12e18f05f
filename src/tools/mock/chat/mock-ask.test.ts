import { describe, expect, test } from 'vitest';
import { CHAT_KIND } from '../../../lib/kinds/chat/chat-kind.ts';
import { MOCK as CHAT_MOCK } from '../../../lib/kinds/chat/mock.ts';
import { MESSAGES_KIND } from '../../../lib/kinds/messages/messages-kind.ts';
import { MOCK as MESSAGES_MOCK } from '../../../lib/kinds/messages/mock.ts';
import { parseAsk, type MockAsk, type MockKind } from './mock-ask.ts';

const CHAT: MockKind = { kind: CHAT_KIND, part: CHAT_MOCK };
const MESSAGES: MockKind = { kind: MESSAGES_KIND, part: MESSAGES_MOCK };
const USER = { role: 'user', content: 'Name a bird.' };

function parse(fields: object, kind = CHAT): MockAsk {
  const chat = parseAsk(JSON.stringify({ model: 'm', messages: [USER], ...fields }), kind);
  if ('message' in chat) throw new Error(chat.message);
  return chat;
}

describe('what is no chat request says what is wrong', () => {
  test.each([
    ['', null],
    ['{', null],
    ['[]', null],
    ['null', null],
    ['{}', 'model'],
    ['{"model":7}', 'model'],
    ['{"model":"m"}', 'messages'],
    ['{"model":"m","messages":[]}', 'messages'],
    ['{"model":"m","messages":["x"]}', 'messages'],
    ['{"model":"m","messages":[{"content":"x"}]}', 'messages'],
    ['{"model":"m","messages":[{"role":"user"}],"max_tokens":0}', 'max_tokens'],
    ['{"model":"m","messages":[{"role":"user"}],"max_completion_tokens":1.5}', 'max_tokens'],
  ])('%s', (body, param) => expect(parseAsk(body, CHAT)).toMatchObject({ param }));
});

test('prompt tokens: a quarter of the characters, 4 a message, and 3', () => {
  expect(parse({}).promptTokens).toBe(3 + 4 + 3);
  expect(parse({ messages: [USER, USER, { role: 'user', content: 'x' }] }).promptTokens).toBe(7 + 12 + 3);
});

test('parts of a content count by their texts; a system prompt beside the messages is one of them', () => {
  const parts = [{ type: 'text', text: 'abcd' }, { type: 'image_url' }, { type: 'text', text: 'ef' }];
  const chat = parse({ system: 'Be brief.', messages: [{ role: 'user', content: parts }] }, MESSAGES);
  expect(chat.messages).toEqual([
    { role: 'system', chars: 9 },
    { role: 'user', chars: 6, pictures: 1 },
  ]);
  expect(chat.promptTokens).toBe(4 + 85 + 2 * 4 + 3);
});

test.each([
  [{}, null],
  [{ max_tokens: 5 }, 5],
  [{ max_completion_tokens: 6 }, 6],
  [{ max_tokens: 5, max_completion_tokens: 3 }, 3],
  [{ max_tokens: null }, null],
])('the limit of %j is %s', (fields, limit) => expect(parse(fields).maxTokens).toBe(limit));

test('token counts in a stream are for those who ask, and for all on the Anthropic wire', () => {
  expect(parse({ stream: true }).includeUsage).toBe(false);
  expect(parse({ stream: true, stream_options: { include_usage: true } }).includeUsage).toBe(true);
  expect(parse({ stream: true }, MESSAGES).includeUsage).toBe(true);
});

test('the newest mark counts, in a text of any kind', () => {
  const history = [
    { role: 'user', content: 'a [mark:old]' },
    { role: 'assistant', content: '[mark:old] b' },
    { role: 'user', content: [{ type: 'text', text: '[mark:x] c [mark:new-1]' }] },
    { role: 'user', content: 'without [mark:]' },
  ];
  expect(parse({ messages: history }).mark).toBe('new-1');
  expect(parse({}).mark).toBeNull();
});

test('a tool is called when it must be', () => {
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  expect(parse({ tools }).forcedTool).toBeNull();
  expect(parse({ tools, tool_choice: 'auto' }).forcedTool).toBeNull();
  expect(parse({ tools, tool_choice: 'required' }).forcedTool).toBe('weather');
  expect(parse({ tools, tool_choice: tools[0] }).forcedTool).toBe('weather');
  expect(parse({ tools: [{ name: 'w' }], tool_choice: { type: 'any' } }).forcedTool).toBe('w');
  expect(parse({ tools, tool_choice: { function: { name: 'bad "name"' } } }).forcedTool).toBeNull();
});
