import { describe, expect, test } from 'vitest';
import type { Prompt } from '../prompt.ts';
import { parseDataset } from './dataset.ts';
import { decodePrompt, encodePrompt } from './encode-prompt.ts';
import { readRow, writeRow } from './read-row.ts';

const PICTURE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const TOOLS = [{ type: 'function', function: { name: 'read' } }];
const FORMAT = { type: 'json_schema', json_schema: { name: 'a', schema: { required: ['b'] } } };

function read(row: unknown): Prompt {
  const result = readRow(row);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('what a row says of its request', () => {
  test('a cell of a CSV file is JSON where it can be', () => {
    const text = 'prompt,temperature,reasoning_effort,tools\nHi,0.5,low,"[{""type"":""function""}]"\n';
    const [row = ''] = parseDataset(text, { fileName: 'a.csv', setting: 'LLM_DATASET' }).rows;
    const fields = { temperature: 0.5, reasoning_effort: 'low', tools: [{ type: 'function' }] };
    expect(decodePrompt(row).own?.fields).toEqual(fields);
  });

  test('a column that is a field of requests is passed on, any other is not', () => {
    const row = {
      prompt: 'Hi',
      tools: TOOLS,
      tool_choice: 'auto',
      category: 'a',
      score: 3,
      temperature: null,
    };
    expect(read(row).own).toEqual({ fields: { tools: TOOLS, tool_choice: 'auto' }, messages: null });
  });

  test('a whole request passes on all but what the run decides', () => {
    const body = {
      model: 'other',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      max_tokens: 7,
      response_format: FORMAT,
      x_vendor: { a: 1 },
    };
    const { own, maxTokens } = read({ custom_id: 'r1', url: '/v1/chat/completions', body });
    expect({ own, maxTokens }).toEqual({
      own: { fields: { response_format: FORMAT, x_vendor: { a: 1 } }, messages: null },
      maxTokens: 7,
    });
  });

  test('messages that are more than text stand as they are, their words beside them', () => {
    const shown = { role: 'user', content: [{ type: 'text', text: 'What is it?' }, PICTURE] };
    const { messages, system, own } = read({ messages: [{ role: 'system', content: 'Be brief.' }, shown] });
    expect(own).toEqual({ fields: {}, messages: [shown] });
    expect({ messages, system }).toEqual({
      messages: [{ role: 'user', content: 'What is it?' }],
      system: 'Be brief.',
    });
  });

  test.each([
    [
      'a call and its result',
      [
        { role: 'user', content: 'Read a.ts' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function' }] },
        { role: 'tool', tool_call_id: 'c', content: 'const a = 1;' },
      ],
    ],
    ['a picture without words', [{ role: 'user', content: [PICTURE] }]],
    [
      'a mark for the cache',
      [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }],
    ],
  ])('%s is more than text', (_, messages) => expect(read({ messages }).own?.messages).toEqual(messages));

  test.each([
    { prompt: 'Hi', tools: TOOLS },
    { messages: [{ role: 'user', content: [PICTURE] }], max_tokens: 5, kind: 'chat' },
    { body: { messages: [{ role: 'user', content: 'Hi' }], n: 2 } },
  ])('%j is the same when it was stored or written', (row) => {
    const prompt = read(row);
    expect(decodePrompt(encodePrompt(prompt))).toEqual(prompt);
    expect(read(JSON.parse(JSON.stringify(writeRow(prompt))))).toEqual(prompt);
  });
});
