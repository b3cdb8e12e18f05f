import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { authHeaders } from '../request/auth-headers.ts';
import { callUrl } from '../request/call-url.ts';
import { PROVIDER_SOURCES } from '../request/provider-sources.ts';
import { type Provider, PROVIDER_NAMES, PROVIDERS } from '../request/providers.ts';
import { CATALOG, SETTING_NAMES } from './catalog.ts';
import { type Environment, readApiKey } from './api-key.ts';
import { digestOfOptions, readSettings } from './settings.ts';

describe('settings', () => {
  test('have defaults that aim at the mock, so that nobody spends money by accident', () => {
    const settings = readSettings({});
    expect(settings.provider.name).toBe('mock');
    expect(callUrl(settings.endpoints, 'models')).toBe('http://127.0.0.1:8787/v1/models');
    expect(settings.mix.map(({ model, weight }) => [model, weight])).toEqual([
      ['gpt-4.1', 70],
      ['claude-sonnet-4.5', 20],
      ['deepseek-v3.2', 10],
    ]);
    expect(settings).toMatchObject({
      maxTokens: 800,
      temperature: null,
      timeoutMs: 120_000,
      seed: 42,
      transport: 'http',
    });
    expect(settings.thinkTime).toEqual({ minMs: 1000, maxMs: 4000 });
  });

  test('take an empty value as the default', () => {
    const empty = Object.fromEntries(SETTING_NAMES.map((name) => [name, ' ']));
    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  test('choose custom when only a base URL is given', () => {
    expect(readSettings({ LLM_BASE_URL: 'http://127.0.0.1:9/v1' }).provider.name).toBe('custom');
    expect(readSettings({ LLM_BASE_URL: 'http://h/v1', LLM_PROVIDER: 'openai' }).provider.name).toBe(
      'openai',
    );
  });

  test('choose the meter when its address is given', () => {
    expect(readSettings({ LLM_METER_URL: 'http://127.0.0.1:8788' }).transport).toBe('meter');
    expect(readSettings({ LLM_METER_URL: 'http://127.0.0.1:8788', LLM_TRANSPORT: 'http' }).transport).toBe(
      'http',
    );
  });

  test.each<[string, Environment]>([
    ['LLM_PROVIDER', { LLM_PROVIDER: 'palm' }],
    ['LLM_MIX', { LLM_MIX: 'gpt-4.1=x' }],
    ['LLM_MAX_TOKENS', { LLM_MAX_TOKENS: '0' }],
    ['LLM_MAX_TOKENS', { LLM_MAX_TOKENS: '1.5' }],
    ['LLM_MAX_TOKENS', { LLM_MAX_TOKENS: '0x10' }],
    ['LLM_TEMPERATURE', { LLM_TEMPERATURE: 'warm' }],
    ['LLM_TEMPERATURE', { LLM_TEMPERATURE: 'Infinity' }],
    ['LLM_STREAM', { LLM_STREAM: '2' }],
    ['LLM_TRANSPORT', { LLM_TRANSPORT: 'grpc' }],
    ['LLM_TRANSPORT', { LLM_TRANSPORT: 'sse' }],
    ['LLM_METER_URL', { LLM_TRANSPORT: 'meter' }],
    ['LLM_METER_URL', { LLM_METER_URL: '127.0.0.1:1' }],
    ['LLM_TIMEOUT', { LLM_TIMEOUT: '120' }],
    ['LLM_TIMEOUT', { LLM_TIMEOUT: '-1s' }],
    ['LLM_TIMEOUT', { LLM_TIMEOUT: '1s 2s' }],
    ['LLM_THINK_TIME', { LLM_THINK_TIME: '4s-1s' }],
    ['LLM_THINK_TIME', { LLM_THINK_TIME: '1s-2s-3s' }],
    ['LLM_EXTRA_BODY', { LLM_EXTRA_BODY: '[1]' }],
    ['LLM_EXTRA_BODY', { LLM_EXTRA_BODY: '{' }],
    ['LLM_EXTRA_HEADERS', { LLM_EXTRA_HEADERS: '{"a":1}' }],
    ['LLM_EXTRA_HEADERS', { LLM_EXTRA_HEADERS: '{"a b":"1"}' }],
    ['LLM_EXTRA_HEADERS', { LLM_EXTRA_HEADERS: '{"a":"1\\r\\nx: y"}' }],
    ['LLM_VUS', { LLM_VUS: '0' }],
    ['LLM_RATE', { LLM_RATE: '0' }],
    ['LLM_RATE', { LLM_RATE: 'NaN' }],
    ['LLM_TIME_SCALE', { LLM_TIME_SCALE: '0' }],
    ['LLM_ARRIVALS', { LLM_ARRIVALS: 'bursty' }],
    ['LLM_SLO', { LLM_SLO: 'ttft' }],
    ['LLM_SEED', { LLM_SEED: '-1' }],
    ['LLM_BUDGET_USD', { LLM_BUDGET_USD: '$5' }],
    ['LLM_BUDGET_MODE', { LLM_BUDGET_MODE: 'warn' }],
    ['LLM_ICL', { LLM_ICL: 'some' }],
    ['LLM_INPUT_TOKENS', { LLM_INPUT_TOKENS: 'normal:1' }],
    ['LLM_BASE_URL', { LLM_PROVIDER: 'custom' }],
  ])('refuse a wrong %s: %j', (name, env) => {
    expect(() => readSettings(env)).toThrow(ConfigError);
    expect(() => readSettings(env)).toThrow(new RegExp(`^${name}: got .*; expected .*; write `));
  });

  test('never throw anything but a ConfigError, whatever a value is', () => {
    const values = [
      '\u0000',
      'null',
      '{}',
      '[]',
      '-',
      '=',
      ',',
      ':',
      '1e999',
      '🙂',
      '<script>',
      'a'.repeat(10_000),
      '"',
      '\n',
    ];
    for (const name of SETTING_NAMES) {
      for (const value of values) {
        try {
          readSettings({ [name]: value });
        } catch (error) {
          expect(error, `${name}=${value.slice(0, 20)}`).toBeInstanceOf(ConfigError);
          expect(String(error).length).toBeLessThan(600);
        }
      }
    }
  });

  test('show no secret and no URL credentials', () => {
    const { resolved } = readSettings({
      LLM_API_KEY: 'sk-s3cret',
      LLM_EXTRA_HEADERS: '{"x-key":"s3cret"}',
      LLM_BASE_URL: 'http://me:s3cret@127.0.0.1:1/v1?k=s3cret',
      LLM_METER_URL: 'http://me:s3cret@127.0.0.1:2',
      LLM_METRICS_URL: 'http://me:s3cret@127.0.0.1:3/metrics?k=s3cret,http://s3cret@127.0.0.1:4/metrics',
    });
    expect(JSON.stringify(resolved)).not.toContain('s3cret');
    expect(Object.keys(resolved).sort()).toEqual([...SETTING_NAMES].sort());
    expect(resolved.LLM_API_KEY).toBe('(set)');
  });

  test('digest what options are built from, and nothing else', () => {
    const digest = (env: Environment): string => digestOfOptions(readSettings(env).resolved);
    expect(digest({ LLM_MIX: 'a' })).not.toBe(digest({}));
    expect(digest({ LLM_TIME_SCALE: '2' })).not.toBe(digest({}));
    expect(
      digest({
        LLM_RESULTS_DIR: 'x',
        LLM_API_KEY: 'y',
        LLM_BASE_URL: PROVIDERS.mock.baseUrl ?? '',
        LLM_PROVIDER: 'mock',
      }),
    ).toBe(digest({}));
  });

  test('name every setting in the catalog with a meaning', () => {
    for (const name of SETTING_NAMES) expect(CATALOG[name].meaning.length, name).toBeGreaterThan(10);
  });
});

describe('the key', () => {
  test('comes from LLM_API_KEY, else from the preset’s own variable', () => {
    expect(readApiKey({ LLM_API_KEY: 'a', OPENAI_API_KEY: 'b' }, PROVIDERS.openai)).toBe('a');
    expect(readApiKey({ OPENAI_API_KEY: 'b' }, PROVIDERS.openai)).toBe('b');
    expect(readApiKey({ OPENAI_API_KEY: 'b' }, PROVIDERS.deepseek)).toBeNull();
    expect(readApiKey({}, PROVIDERS.custom)).toBeNull();
  });
});

describe('kinds', () => {
  test('one that the preset does not take is refused with those that it takes', () => {
    expect(() => readSettings({ LLM_PROVIDER: 'anthropic', LLM_KIND: 'chat' })).toThrow(
      /LLM_KIND.*chat.*anthropic takes: messages.*LLM_KIND=messages.*LLM_PROVIDER=custom/s,
    );
    expect(() => readSettings({ LLM_KIND: 'chatt' })).toThrow(/LLM_KIND.*chat, completions/s);
    const own = { LLM_PROVIDER: 'custom', LLM_BASE_URL: 'http://h', LLM_KIND: 'responses' };
    expect(readSettings(own)).toMatchObject({ kind: 'responses', resolved: { LLM_KIND: 'responses' } });
  });
});

describe('presets', () => {
  test.each(PROVIDER_NAMES)('%s: has an address, or wants one with an example that works', (name) => {
    const preset: Provider = PROVIDERS[name];
    const LLM_BASE_URL = preset.baseUrl === null ? preset.exampleUrl : '';
    const { provider, endpoints } = readSettings({ LLM_PROVIDER: name, LLM_BASE_URL, LLM_MIX: 'm' });
    expect(provider.name).toBe(name);
    expect(endpoints.root).toMatch(/^https?:\/\/[^/]+\/.*\/$/);
    expect(endpoints.root).not.toMatch(/v1\/.*v1\//);
    expect(readSettings({ LLM_PROVIDER: name, LLM_BASE_URL, LLM_MIX: 'm' }).kind).toBe(
      name === 'anthropic' ? 'messages' : 'chat',
    );
    if (preset.baseUrl === null)
      expect(() => readSettings({ LLM_PROVIDER: name })).toThrow(preset.exampleUrl);
    if (name !== 'mock' && name !== 'custom') expect(PROVIDER_SOURCES[name]).toMatch(/, 20\d\d-\d\d$/);
    if (preset.needsKey) expect(preset.keyVariable).not.toBeNull();
  });

  test.each([
    ['gemeni', 'gemini'],
    ['llama.cpp', 'llamacpp'],
    ['azur', 'azure'],
  ])('%s: did you mean %s?', (given, meant) => {
    expect(() => readSettings({ LLM_PROVIDER: given })).toThrow(`did you mean ${meant}?`);
  });

  test('a deployment in the address takes one model', () => {
    const LLM_BASE_URL = 'https://x.openai.azure.com/openai/deployments/d1';
    const env = { LLM_PROVIDER: 'azure', LLM_BASE_URL };
    expect(() => readSettings({ ...env, LLM_MIX: 'a=1,b=2' })).toThrow(/LLM_MIX.*one deployment d1/);
    expect(readSettings({ ...env, LLM_MIX: 'a' }).endpoints.deployment).toBe('d1');
    expect(
      readSettings({ LLM_PROVIDER: 'azure', LLM_BASE_URL: 'https://x.openai.azure.com' }).mix,
    ).toHaveLength(3);
  });

  test.each([
    ['azure', { 'api-key': 'k' }],
    ['anthropic', { 'x-api-key': 'k' }],
    ['gemini', { authorization: 'Bearer k' }],
  ] as const)('%s: the key goes where it is looked for', (name, headers) => {
    expect(authHeaders(PROVIDERS[name], 'k')).toEqual(headers);
    expect(authHeaders(PROVIDERS[name], null)).toEqual({});
  });
});
