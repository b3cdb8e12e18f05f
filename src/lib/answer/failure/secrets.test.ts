import { describe, expect, test } from 'vitest';
import { attemptOf, type HttpAnswer } from '../http-answer.ts';
import { hideSecrets, secretPartsOf, secretsIn, withoutSecrets } from './secrets.ts';
import { snippetOf } from './snippet.ts';

test.each<[string, readonly string[], string]>([
  ['a key of 0123456789abcdef here', ['Bearer 0123456789abcdef'], 'a key of *** here'],
  ['0123456789abcdef0123456789abcdef', ['0123456789abcdef'], '******'],
  ['as sent: a%2Fb%3Dcdefgh', ['a/b=cdefgh'], 'as sent: ***'],
  ['team search of team search', ['search'], 'team search of team search'],
  ['longer 12345678-90 first', ['12345678', '12345678-90'], 'longer *** first'],
  ['cut within 01234…', ['0123456789'], 'cut within ***…'],
  ['cut before it 012…', ['0123456789'], 'cut before it 012…'],
  ['a plain message', [], 'a plain message'],
])('%j without %j is %j', (text, values, expected) => {
  expect(hideSecrets(text, secretsIn(values))).toBe(expected);
});

test('wherever a message is shortened, no more than three characters of a secret are left', () => {
  const key = 'correct.horse+battery/staple==';
  for (let offset = 0; offset < 130; offset++) {
    const shown = hideSecrets(
      snippetOf(`${'x'.repeat(offset)} ${key} and more ${'y'.repeat(90)}`),
      secretsIn([key]),
    );
    expect(shown).not.toContain(key.slice(0, 4));
  }
});

test.each<[string, readonly string[]]>([
  ['https://me:pass@h.test/v1?token=abc&api-version=2024-10-21', ['me', 'pass', 'abc']],
  ['https://h.test/v1', []],
  ['https://h.test/v1?flag', ['flag']],
])('%s hides %j', (url, parts) => {
  expect(secretPartsOf(url)).toEqual(parts);
});

describe('an answer without its secrets', () => {
  const SECRET = 'sk-live-123456';
  const answer = (change: Partial<HttpAnswer>) =>
    attemptOf({
      status: 200,
      errorCode: 0,
      errorText: '',
      headers: {},
      bodyText: '',
      stream: false,
      wantsText: false,
      ttfbMs: null,
      endMs: 1,
      nowMs: 0,
      ...change,
    });
  const refused = answer({ status: 403, bodyText: `{"message":"no ${SECRET}"}` });
  const well = answer({
    bodyText: `{"choices":[{"message":{"content":"${SECRET}"},"finish_reason":"because ${SECRET}"}]}`,
  });

  test('is refused without a word of it, in its message and in its body', () => {
    const { attempt, bodyText } = withoutSecrets(refused, [SECRET]);
    expect([JSON.stringify(attempt), bodyText].join(' ')).not.toContain(SECRET);
    expect(bodyText).toBe('{"message":"no ***"}');
    expect(attempt.status).toBe(403);
  });

  test('went well with its body as it came, and warns of nothing secret', () => {
    const { attempt, bodyText } = withoutSecrets(well, [SECRET]);
    expect(attempt.outcome).toEqual({ kind: 'ok' });
    expect(attempt.warnings.map(({ kind }) => kind)).toEqual(['unknown_finish']);
    expect(attempt.warnings[0]?.text).not.toContain(SECRET);
    expect(bodyText).toBe(well.bodyText);
  });

  test('is the very same where there is nothing to hide, or nobody is told anything', () => {
    expect(withoutSecrets(refused, [])).toBe(refused);
    const plain = { ...well, attempt: { ...well.attempt, warnings: [] } };
    expect(withoutSecrets(plain, [SECRET])).toBe(plain);
  });
});
