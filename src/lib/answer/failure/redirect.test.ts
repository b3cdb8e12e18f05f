import { describe, expect, test } from 'vitest';
import { describeRedirect } from './redirect.ts';

describe('a redirect is told, with where it leads and what to set', () => {
  test.each<[string, number, Record<string, string>, string | null]>([
    [
      'its address',
      307,
      { Location: 'https://other.example/v1/chat/completions' },
      'redirects to https://other.example/v1/chat/completions, and redirects are not followed; set LLM_BASE_URL',
    ],
    [
      'a path alone',
      308,
      { location: '/real/v1' },
      'redirects to /real/v1, and redirects are not followed; set LLM_BASE_URL',
    ],
    [
      'no user, no query',
      302,
      { location: 'http://me:s3cret@host/a?sig=s3cret#x' },
      'redirects to http://host/a, and redirects are not followed; set LLM_BASE_URL',
    ],
    [
      'no control characters',
      301,
      { location: 'http://host/\u001b[31ma\u009b' },
      'redirects to http://host/�[31ma�, and redirects are not followed; set LLM_BASE_URL',
    ],
    ['none named', 304, {}, 'a redirect that names no Location; set LLM_BASE_URL'],
    ['an empty one', 300, { location: ' ' }, 'a redirect that names no Location; set LLM_BASE_URL'],
    ['an answer', 200, { location: '/x' }, null],
    ['a refusal', 404, { location: '/x' }, null],
  ])('%s', (_, status, headers, said) => expect(describeRedirect(status, headers)).toBe(said));

  test('a long address is shortened', () => {
    expect(describeRedirect(307, { location: `http://h/${'a'.repeat(5000)}` })?.length).toBeLessThan(300);
  });
});
