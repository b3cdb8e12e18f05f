import { expect, test } from 'vitest';
import { whyNotOfSchema } from '../../../lib/answer/why-not-of-schema.ts';
import { aroundWords, jsonFrame } from './json-frame.ts';

const text = { type: 'string' };
const NODE = {
  type: 'object',
  properties: { next: { $ref: '#/$defs/node' }, name: text },
  required: ['name'],
};

test.each<[string, Record<string, unknown>, string]>([
  ['a text', { type: 'object', properties: { a: text }, required: ['a'] }, '{"a":"WORDS"}'],
  [
    'a text deeper down, behind an enum',
    {
      type: 'object',
      properties: { k: { enum: ['p'] }, in: { type: 'object', properties: { a: text }, required: ['a'] } },
      required: ['k', 'in'],
      additionalProperties: false,
    },
    '{"k":"p","in":{"a":"WORDS"}}',
  ],
  [
    'items that must be there',
    { type: 'object', properties: { l: { type: 'array', minItems: 2, items: text } }, required: ['l'] },
    '{"l":["WORDS",""]}',
  ],
  ['a reference', { $ref: '#/$defs/node', $defs: { node: NODE } }, '{"name":"WORDS"}'],
  [
    'one of several forms',
    {
      type: 'object',
      properties: { a: { anyOf: [{ type: 'null' }, text] } },
      required: ['a'],
      additionalProperties: false,
    },
    '{"a":nullWORDS}',
  ],
  [
    'no text, and room for one',
    { type: 'object', properties: { n: { type: 'integer', minimum: 3 } }, required: ['n'] },
    '{"n":3,"text":"WORDS"}',
  ],
  [
    'no text, and no room for one: blanks',
    {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
      additionalProperties: false,
    },
    '{"ok":trueWORDS}',
  ],
  ['a list', { type: 'array', items: text }, '[WORDS]'],
])('an answer of a schema with %s is of it', (_, schema, expected) => {
  const { opening, closing, isBlank } = aroundWords(schema);
  expect(`${opening}WORDS${closing}`).toBe(expected);
  const value: unknown = JSON.parse(`${opening}${isBlank ? '   ' : 'rain falls'}${closing}`);
  expect(whyNotOfSchema(value, schema)).toBeNull();
});

test('every wire may ask for it', () => {
  const format = {
    type: 'json_schema',
    schema: { type: 'object', properties: { q: text }, required: ['q'] },
  };
  const wanted = { opening: '{"q":"', closing: '"}', isBlank: false };
  const asked = (fields: Record<string, unknown>) => jsonFrame((name) => fields[name]);
  expect(asked({ response_format: { type: 'json_schema', json_schema: format } })).toEqual(wanted);
  expect(asked({ text: { format } })).toEqual(wanted);
  expect(asked({ output_config: { format } })).toEqual(wanted);
  expect(asked({ response_format: { type: 'json_object' } })).toMatchObject({ opening: '{"text":"' });
  expect(asked({ response_format: { type: 'text' } })).toBeNull();
});
