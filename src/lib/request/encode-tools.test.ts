import { expect, test } from 'vitest';
import { encodeTools, type Tool } from './encode-tools.ts';

const TOOL: Tool = {
  type: 'function',
  function: { name: 'find', description: 'Finds it', parameters: { type: 'object', properties: {} } },
};

test('tools go out as they are to servers that speak OpenAI’s API', () => {
  expect(encodeTools('chat', [TOOL])).toEqual([TOOL]);
});

test('and as Anthropic spells them', () => {
  expect(encodeTools('messages', [TOOL, { type: 'function', function: { name: 'go' } }])).toEqual([
    { name: 'find', description: 'Finds it', input_schema: { type: 'object', properties: {} } },
    { name: 'go', input_schema: { type: 'object' } },
  ]);
});

test('and flat in the Responses API', () => {
  expect(encodeTools('responses', [TOOL])).toEqual([{ type: 'function', ...TOOL.function }]);
});
