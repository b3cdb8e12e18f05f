import { expect, test } from 'vitest';
import { normaliseApiKey } from './api-key.ts';
import { isPlainKey } from './plain-key.ts';

test.each(['sk-abc', 'bench', 'a', 'bearer-token', "it's", '{"a":1}'])('%s is sent as it is', (raw) => {
  expect(isPlainKey(raw)).toBe(true);
  expect(normaliseApiKey(raw, 'LLM_API_KEY')).toBe(raw);
});

test.each([
  '"sk-abc"',
  "'sk-abc'",
  'Bearer sk-abc',
  'bearer',
  'BEARER',
  ' sk-abc',
  'sk-abc\n',
  'sk abc',
  'schlüssel',
  '\uFEFFsk',
])('%j needs a closer look', (raw) => {
  expect(isPlainKey(raw)).toBe(false);
});
