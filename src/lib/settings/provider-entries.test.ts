import { describe, expect, test } from 'vitest';
import { parseProviderEntries } from './provider-entries.ts';
import { providerEnvironment, providerKey } from './provider-environment.ts';
import { readSettings } from './settings.ts';

const A = { name: 'a', baseUrl: 'http://127.0.0.1:8000/v1', model: 'm' };
const B = { name: 'b', provider: 'openai', model: 'gpt-4.1' };

const parse = (data: unknown) =>
  parseProviderEntries(typeof data === 'string' ? data : JSON.stringify(data), 'LLM_PROVIDERS p.json');

describe('a file of providers', () => {
  test('is read whole', () => {
    const prices = { input: 1, cachedInput: 0.1, output: 4 };
    const [a, b] = parse({
      providers: [
        { ...A, keyVariable: 'A_KEY', prices, headers: { 'x-team': 't' }, body: { top_p: 1 } },
        { ...B, prices: 'p/b.json' },
      ],
    });
    expect(a).toEqual({
      name: 'a',
      baseUrl: 'http://127.0.0.1:8000/v1',
      preset: null,
      keyVariable: 'A_KEY',
      model: 'm',
      prices: { kind: 'rates', rates: prices },
      headers: { 'x-team': 't' },
      body: { top_p: 1 },
    });
    expect(b).toMatchObject({ preset: 'openai', baseUrl: null, prices: { kind: 'file', path: 'p/b.json' } });
  });

  test.each([
    ['no JSON', '{', /LLM_PROVIDERS p.json: got .*expected a JSON object with "providers"/],
    ['no list', { providers: {} }, /p.json: providers: got .*expected a list/],
    ['one provider', { providers: [A] }, /providers: got "1"; expected two providers at least/],
    [
      'a stranger beside',
      { providers: [A, B], provider: [] },
      /got "provider"; expected no fields but .*did you mean providers\?/,
    ],
    [
      'an unknown field',
      { providers: [A, { ...B, modle: 'x' }] },
      /providers\[1\]: got "modle".*did you mean model\?/,
    ],
    ['a key in the file', { providers: [A, { ...B, apiKey: 'sk-secret' }] }, /providers\[1\]: got "apiKey"/],
    ['no name', { providers: [A, { ...B, name: ' ' }] }, /providers\[1\]\.name: got " "; expected a text/],
    [
      'no model',
      { providers: [{ name: 'a', baseUrl: A.baseUrl }, B] },
      /providers\[0\]\.model: got "nothing"/,
    ],
    [
      'a name that no tag takes',
      { providers: [A, { ...B, name: 'b,c' }] },
      /providers\[1\]\.name: got "b,c"; expected a name without/,
    ],
    [
      'neither address nor preset',
      { providers: [A, { name: 'b', model: 'm' }] },
      /providers\[1\]: got "b"; expected a "baseUrl", or a "provider"/,
    ],
    [
      'an unknown preset',
      { providers: [A, { ...B, provider: 'opnai' }] },
      /providers\[1\]\.provider: got "opnai".*did you mean openai\?/,
    ],
    [
      'an address without a scheme',
      { providers: [{ ...A, baseUrl: 'localhost:1' }, B] },
      /providers\[0\]\.baseUrl: got "localhost:1"/,
    ],
    [
      'two names alike',
      { providers: [A, { ...B, name: 'A' }] },
      /providers\[1\]\.name: got "A"; expected each name once, but providers\[0\]/,
    ],
    [
      'a price below zero',
      { providers: [{ ...A, prices: { input: -1, output: 2 } }, B] },
      /providers\[0\]\.prices\.input: got "-1"/,
    ],
    [
      'a price that is missing',
      { providers: [{ ...A, prices: { output: 1 } }, B] },
      /providers\[0\]\.prices\.input/,
    ],
    [
      'a price by another name',
      { providers: [{ ...A, prices: { input: 1, ouput: 2 } }, B] },
      /got "ouput".*did you mean output\?/,
    ],
    [
      'headers that are no texts',
      { providers: [{ ...A, headers: { x: 1 } }, B] },
      /providers\[0\]\.headers: got "\(hidden\)"/,
    ],
    ['a body that is no object', { providers: [{ ...A, body: [] }, B] }, /providers\[0\]\.body: got "\[\]"/],
  ])('with %s is refused by its place', (_name, data, message) => {
    expect(() => parse(data)).toThrow(message);
  });

  test.each([
    ['keyVariable', { keyVariable: 'sk-live-secret' }],
    ['keyVariable', { keyVariable: 'sk_live_secret' }],
    ['headers', { headers: { Authorization: 'Bearer sk-live-secret' } }],
    ['headers', { headers: { 'X-Api-Key': 'sk-live-secret' } }],
    ['baseUrl', { baseUrl: 'http://me:sk-live-secret@ho st/v1' }],
  ])('with a key in %s is refused, and the key is not repeated', (field, more) => {
    const mistake = (): unknown => parse({ providers: [{ ...A, ...more }, B] });
    expect(mistake).toThrow(new RegExp(`providers\\[0\\]\\.${field}`));
    expect(mistake).not.toThrow(/sk.live.secret/);
  });
});

describe('the environment of one provider', () => {
  const [a, b] = parse({
    providers: [{ ...A, keyVariable: 'A_KEY', headers: { 'x-team': 't' }, body: { top_p: 1 } }, B],
  });
  const env = {
    LLM_API_KEY: 'of-another',
    LLM_BASE_URL: 'http://elsewhere/v1',
    LLM_MIX: 'x,y',
    LLM_EXTRA_BODY: '{"seed":7}',
    LLM_MAX_TOKENS: '50',
    A_KEY: 'key-of-a',
    OPENAI_API_KEY: 'key-of-b',
  };

  test('is its own target, key, model, headers and fields, and what all share', () => {
    const own = providerEnvironment(env, a ?? none(), 'http://127.0.0.1:9/');
    expect(own).toMatchObject({ LLM_API_KEY: 'key-of-a', LLM_METER_URL: 'http://127.0.0.1:9/' });
    expect(readSettings(own)).toMatchObject({
      maxTokens: 50,
      mix: [{ model: 'm' }],
      extraHeaders: { 'x-team': 't' },
      extraBody: { seed: 7, top_p: 1 },
      endpoints: { displayUrl: 'http://127.0.0.1:8000/v1' },
    });
  });

  test('holds no key of another', () => {
    expect(providerEnvironment(env, b ?? none(), null)).toMatchObject({ LLM_API_KEY: '' });
    expect(providerKey(env, a ?? none())).toBe('key-of-a');
    expect(providerKey(env, b ?? none())).toBe('key-of-b');
  });

  test('wants the variable that is named, and the preset’s where it needs one', () => {
    expect(() => providerKey({ LLM_API_KEY: 'k' }, a ?? none())).toThrow(
      /^A_KEY: got ""; expected the key of provider a/,
    );
    expect(() => providerKey({ LLM_API_KEY: 'k' }, b ?? none())).toThrow(/^OPENAI_API_KEY: got ""/);
    const [open] = parse({ providers: [A, B] });
    expect(providerKey({ LLM_API_KEY: 'k' }, open ?? none())).toBeNull();
  });

  test('refuses headers that all would get', () => {
    const all = { ...env, LLM_EXTRA_HEADERS: '{"x":"secret"}' };
    expect(() => providerEnvironment(all, a ?? none(), null)).toThrow(/^LLM_EXTRA_HEADERS: got "\(hidden\)"/);
  });
});

function none(): never {
  throw new Error('it was read');
}
