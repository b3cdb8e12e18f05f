import { expect, test } from 'vitest';
import { redact, snippetOf } from './snippet.ts';

test.each([
  ['a\r\n  b\u0000c\t d ', 'a b c d'],
  ['<html><head><title lang="en"> Bad gateway </title></head><body>x</body></html>', 'Bad gateway'],
  ['  <p>one</p><p>two', 'one two'],
  ['text <html><title></title>inside</html>', 'text inside'],
  ['<p>one</p><script src="x">let a = 1 < 2;</script >two<style>p{}', 'one two'],
  ['<p>one</p><img alt="cut', 'one'],
  ['1 < 2 is no page', '1 < 2 is no page'],
  ['x'.repeat(120), 'x'.repeat(120)],
  ['x'.repeat(121), `${'x'.repeat(119)}…`],
  [`${' '.repeat(4000)}too far down`, ''],
])('a body in one line: %#', (body, line) => {
  expect(snippetOf(body)).toBe(line);
});

test.each([
  ['Bearer   abc.def, then', 'Bearer ***, then'],
  ['key sk-abcdef123 of', 'key sk-*** of'],
  ['gsk_abcdef123', 'gsk-***'],
  ['AIzaSyA1234567890123456', 'AIza***'],
  ['eyJhbGciOi', 'eyJhbGciOi'],
  ['api_key: abcd1234', 'api_key: ***'],
  ['API key provided: abcd1234.', 'API key provided: ***.'],
  ['"apiKey": "abcd1234"', '"apiKey": "***"'],
  ['apikey=abc', 'apikey=abc'],
  ['a risk-averse word', 'a risk-averse word'],
])('%s is shown as %s', (text, shown) => {
  expect(redact(text)).toBe(shown);
});
