import { expect, test } from 'vitest';
import { unknownSettings } from './unknown-settings.ts';

test.each([
  [{ LLM_BASEURL: 'x' }, /^LLM_BASEURL is no setting.*LLM_BASE_URL/],
  [{ LLM_MODEL: 'x', LLM_MIX: 'm' }, /^LLM_MODEL is no setting/],
])('a slip in a name is told: %j', (env, line) => {
  const lines = unknownSettings(env);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(line);
});

test('settings, empty values and other variables are not', () => {
  expect(
    unknownSettings({ LLM_MIX: 'm', LLM_SAMPLES: '1', LLM_ODD: ' ', PATH: '/bin', OPENAI_API_KEY: 'x' }),
  ).toEqual([]);
});
