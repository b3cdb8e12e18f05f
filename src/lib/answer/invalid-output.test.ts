import { describe, expect, test } from 'vitest';
import { wantedJson, whyInvalid } from './invalid-output.ts';

const SCHEMA = { type: 'object', required: ['name', 'age'], properties: {} };

describe('what a request wants its answer to be', () => {
  test.each([
    ['nothing', {}, null],
    ['text', { response_format: { type: 'text' } }, null],
    ['any JSON', { response_format: { type: 'json_object' } }, []],
    [
      'a schema of chat',
      { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } },
      SCHEMA.required,
    ],
    ['a schema of Responses', { text: { format: { type: 'json_schema', schema: SCHEMA } } }, SCHEMA.required],
    ['a schema of Messages', { output_format: { type: 'json_schema', schema: SCHEMA } }, SCHEMA.required],
    [
      'its later name',
      { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      SCHEMA.required,
    ],
    [
      'a schema without required keys',
      { response_format: { type: 'json_schema', json_schema: { schema: {} } } },
      [],
    ],
    ['what is none', { response_format: 'json', text: 7 }, null],
  ])('%s', (_, fields, required) =>
    expect(wantedJson(fields)).toEqual(required === null ? null : { required }),
  );
});

describe('an answer that was to be JSON', () => {
  const wanted = { required: ['name', 'age'] };
  test.each([
    ['{"name":"A","age":null}', null],
    ['{"name":"A"}', 'without age'],
    ['{"__proto__":1}', 'without name, age'],
    ['```json\n{"name":"A","age":1}\n```', 'no JSON'],
    ['{"name":"A","age"', 'no JSON'],
    ['["name","age"]', 'no JSON object'],
    [' ', 'no text at all'],
  ])('%s', (text, why) => expect(whyInvalid(text, wanted)).toBe(why));

  test('any JSON will do where no key is required', () => {
    expect(whyInvalid('7', { required: [] })).toBeNull();
    expect(whyInvalid('seven', { required: [] })).toBe('no JSON');
  });
});
