import { expect, test } from 'vitest';
import { whyNotOfSchema } from './why-not-of-schema.ts';

/** An order, as one would ask a model for it. */
const ORDER = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    state: { enum: ['open', 'paid'] },
    note: { type: ['string', 'null'] },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    to: { anyOf: [{ $ref: '#/$defs/address' }, { type: 'null' }] },
  },
  required: ['id', 'lines'],
  additionalProperties: false,
  $defs: {
    line: {
      type: 'object',
      properties: { name: { type: 'string' }, part: { $ref: '#/$defs/line' }, kind: { const: 'line' } },
      required: ['name'],
    },
    address: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

test.each<[string, unknown, string | null]>([
  ['all of it', { id: 1, lines: [{ name: 'a', part: { name: 'b' } }], note: null, state: 'paid' }, null],
  ['nothing', {}, 'without id, lines'],
  ['a list', [], 'no object'],
  ['a key of a part of an item', { id: 1, lines: [{ name: 'a' }, {}] }, 'without lines.1.name'],
  ['a key deeper down', { id: 1, lines: [{ name: 'a', part: {} }] }, 'without lines.0.part.name'],
  ['a number in place of a text', { id: 1, lines: [{ name: 7 }] }, 'lines.0.name: no string'],
  ['a fraction', { id: 1.5, lines: [] }, 'id: no integer'],
  ['an object in place of a list', { id: 1, lines: {} }, 'lines: no array'],
  ['one of two types', { id: 1, lines: [], note: 4 }, 'note: no string or null'],
  ['a word that is not in the list', { id: 1, lines: [], state: 'lost' }, 'state: none of its enum'],
  ['another constant', { id: 1, lines: [{ name: 'a', kind: 'b' }] }, 'lines.0.kind: not its constant'],
  ['one of two forms', { id: 1, lines: [], to: null }, null],
  ['none of two forms', { id: 1, lines: [], to: {} }, 'to: none of its forms'],
  [
    'a key that must not be there, which is not shown',
    { id: 1, lines: [], secret: 1 },
    'with a key of its own',
  ],
  ['names that every object has', { id: 1, lines: [], toString: 1 }, 'with a key of its own'],
])('%s', (_, value, why) => expect(whyNotOfSchema(value, ORDER)).toBe(why));

test.each<[string, unknown, Record<string, unknown>, string | null]>([
  ['a list at the top', [{ a: 1 }, {}], { type: 'array', items: { required: ['a'] } }, 'without 1.a'],
  ['places of a list', ['a', 'b'], { prefixItems: [{ type: 'string' }, { type: 'number' }] }, '1: no number'],
  ['all of several', { a: 1 }, { allOf: [{ required: ['a'] }, { required: ['b'] }] }, 'without b'],
  ['other keys', { a: 1, b: 'x' }, { additionalProperties: { type: 'number' } }, '*: no number'],
  ['a reference out of it', 7, { $ref: 'https://example.org/a' }, null],
  ['a reference to nothing', 7, { $ref: '#/a' }, null],
  ['a reference to itself', 7, { $ref: '#' }, null],
  ['forms of forms of itself', 7, { anyOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] }, null],
  ['what nobody knows', 'x', { type: 'words', pattern: '^y$', minLength: 9 }, null],
])('%s', (_, value, schema, why) => expect(whyNotOfSchema(value, schema)).toBe(why));
