import { describe, expect, test } from 'vitest';
import { wantedJson, whyInvalid } from './invalid-output.ts';

const SCHEMA = { type: 'object', required: ['name', 'age'], properties: {} };
const ANY = 'any JSON';

describe('what a request wants its answer to be', () => {
  test.each([
    ['nothing', {}, null],
    ['text', { response_format: { type: 'text' } }, null],
    ['any JSON', { response_format: { type: 'json_object' } }, ANY],
    [
      'a schema of chat',
      { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } },
      SCHEMA,
    ],
    ['a schema of Responses', { text: { format: { type: 'json_schema', schema: SCHEMA } } }, SCHEMA],
    ['a schema of Messages', { output_format: { type: 'json_schema', schema: SCHEMA } }, SCHEMA],
    ['its later name', { output_config: { format: { type: 'json_schema', schema: SCHEMA } } }, SCHEMA],
    ['a schema of TGI', { response_format: { type: 'json', value: SCHEMA } }, SCHEMA],
    ['a schema of vLLM', { structured_outputs: { json: SCHEMA } }, SCHEMA],
    ['its older name, as text', { guided_json: JSON.stringify(SCHEMA) }, SCHEMA],
    ['a schema that is none', { response_format: { type: 'json_schema', json_schema: {} } }, ANY],
    ['a grammar', { structured_outputs: { regex: 'a' }, guided_json: '{' }, null],
    ['what is none', { response_format: 'json', text: 7 }, null],
  ])('%s', (_, fields, schema) =>
    expect(wantedJson(fields)).toEqual(schema === null ? null : { schema: schema === ANY ? null : schema }),
  );
});

describe('an answer that was to be JSON', () => {
  const wanted = { schema: { required: ['name', 'age'] } };
  test.each([
    ['{"name":"A","age":null}', null],
    ['{"name":"A"}', 'without age'],
    ['{"__proto__":1}', 'without name, age'],
    ['```json\n{"name":"A","age":1}\n```', 'no JSON'],
    ['{"name":"A","age"', 'no JSON'],
    ['["name","age"]', 'no object'],
    [' ', 'no text at all'],
  ])('%s', (text, why) => expect(whyInvalid(text, wanted)).toBe(why));

  test('any JSON will do where no key is required', () => {
    expect(whyInvalid('7', { schema: null })).toBeNull();
    expect(whyInvalid('seven', { schema: null })).toBe('no JSON');
  });
});
