import { expect, test } from 'vitest';
import { plainJsonText, plainName, plainText } from './plain-text.ts';

test.each([
  ['a title of the terminal', '\u001b]0;owned\u0007', '\ufffd]0;owned\ufffd'],
  ['C1', 'a\u009b31mb\u0085', 'a\ufffd31mb\ufffd'],
  ['a line overwritten', 'good\rbad\u0008', 'good\ufffdbad\ufffd'],
  ['bidi', 'gpt\u202e4\u2066x\u2069\u200f', 'gpt\ufffd4\ufffdx\ufffd\ufffd'],
  ['line separators', 'a\u2028b\u2029c', 'a\ufffdb\ufffdc'],
  ['NUL and DEL', '\u0000\u007f', '\ufffd\ufffd'],
  ['what is meant', 'Grüße, 你好 🐦\n\tgpt-4.1:latest/x', 'Grüße, 你好 🐦\n\tgpt-4.1:latest/x'],
])('%s', (_, given, plain) => expect(plainText(given)).toBe(plain));

test('a name is on one line', () => expect(plainName('a\r\nb\tc\u001b')).toBe('a  b c\ufffd'));

test('JSON keeps its value', () => {
  const value = { 'a\u202e': 'b\u009b\u001b' };
  const text = plainJsonText(JSON.stringify(value));
  expect(text).toBe('{"a\\u202e":"b\\u009b\\u001b"}');
  expect(JSON.parse(text)).toEqual(value);
});
