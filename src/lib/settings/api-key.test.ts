import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { normaliseApiKey } from './api-key.ts';

describe('a pasted key', () => {
  test.each([
    ['sk-demo-1\n', 'sk-demo-1'],
    ['sk-demo-1\r\n', 'sk-demo-1'],
    ['  sk-demo-1  ', 'sk-demo-1'],
    ['"sk-demo-1"', 'sk-demo-1'],
    ["'sk-demo-1'", 'sk-demo-1'],
    ['Bearer sk-demo-1', 'sk-demo-1'],
    ['bearer  sk-demo-1', 'sk-demo-1'],
    ['\uFEFFsk-demo-1', 'sk-demo-1'],
    ['"Bearer sk-demo-1"\n', 'sk-demo-1'],
    ['', null],
    ['   ', null],
    ['""', null],
    ['Bearer ', null],
  ])('%j', (given, expected) => {
    expect(normaliseApiKey(given, 'LLM_API_KEY')).toBe(expected);
  });

  test.each(['sk-demo-1\nsk-demo-2', 'sk demo', 'sk-démo', 'sk-\u0000demo'])(
    'refuses %j without repeating it',
    (given) => {
      const error = errorOf(() => normaliseApiKey(given, 'LLM_API_KEY'));
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain('LLM_API_KEY');
      for (const part of given.split(/\s/))
        expect(String(error)).not.toContain(part.length > 2 ? part : given);
    },
  );
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
