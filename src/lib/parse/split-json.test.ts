import { expect, test } from 'vitest';
import { splitJson } from './split-json.ts';

test.each<[string, unknown[] | null]>([
  ['{"a":1}{"b":2}', [{ a: 1 }, { b: 2 }]],
  ['{"a":1}\n{"b":"}{"}\r\n', [{ a: 1 }, { b: '}{' }]],
  ['{"a":"\\"}{"}\ndata: {"b":2}', [{ a: '"}{' }, { b: 2 }]],
  ['[1][2],[3]', [[1], [2], [3]]],
  ['{"a":1}', [{ a: 1 }]],
  ['', null],
  ['text', null],
  ['{"a":1}text', null],
  ['{"a":1}{"b"', null],
  ['{a}{b}', null],
  ['"a""b"', null],
  ['1 2', null],
  ['}{', null],
])('%j', (text, values) => {
  expect(splitJson(text)).toEqual(values);
});
