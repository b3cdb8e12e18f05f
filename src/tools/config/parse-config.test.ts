import { describe, expect, test } from 'vitest';
import { SETTING_NAMES, hasTrait } from '../../lib/settings/catalog.ts';
import { parseConfig } from './parse-config.ts';
import { settingKey, settingOfKey } from './setting-key.ts';

const parse = (data: unknown): ReturnType<typeof parseConfig> =>
  parseConfig(JSON.stringify(data), '/home/me/k6-llm.config.json');

test('every setting that is no secret has a name, and that name leads back to it', () => {
  for (const name of SETTING_NAMES) expect(settingOfKey(settingKey(name))).toBe(name);
  expect(new Set(SETTING_NAMES.map(settingKey)).size).toBe(SETTING_NAMES.length);
  expect(['baseUrl', 'BASE_URL', 'LLM_BASE_URL', 'base-url'].map(settingOfKey)).toEqual(
    Array.from({ length: 4 }, () => 'LLM_BASE_URL'),
  );
});

describe('a file of settings', () => {
  test('says what the environment would, its paths from its own folder', () => {
    const { base, profiles } = parse({
      $schema: 'x',
      base_url: 'http://127.0.0.1:8000/v1',
      mix: { 'gpt-4.1': 70, small: 30 },
      slo: { ttft: 500 },
      stream: true,
      vus: 5,
      extra_body: { top_p: 0.5 },
      dataset: 'prompts.jsonl',
      thresholds: './mine.json',
      arrivals: 'trace:a.csv?unit=s',
      profiles: { ci: { thresholds: 'ci', metrics_url: ['http://a/metrics', 'http://b/metrics'] } },
    });
    expect(Object.fromEntries(base)).toEqual({
      LLM_BASE_URL: 'http://127.0.0.1:8000/v1',
      LLM_MIX: 'gpt-4.1=70,small=30',
      LLM_SLO: 'ttft:500',
      LLM_STREAM: '1',
      LLM_VUS: '5',
      LLM_EXTRA_BODY: '{"top_p":0.5}',
      LLM_DATASET: '/home/me/prompts.jsonl',
      LLM_THRESHOLDS: '/home/me/mine.json',
      LLM_ARRIVALS: 'trace:/home/me/a.csv?unit=s',
    });
    expect(Object.fromEntries(profiles.get('ci')!)).toEqual({
      LLM_THRESHOLDS: 'ci',
      LLM_METRICS_URL: 'http://a/metrics,http://b/metrics',
    });
  });

  test.each<[what: string, data: unknown, said: RegExp]>([
    ['text', 'x', /expected a JSON object/],
    ['an unknown name', { vuss: 5 }, /vuss: got "vuss"; expected a setting[^]*did you mean vus/],
    ['a name of Object', { toString: 1 }, /toString/],
    ['a wrong value', { vus: 'many' }, /vus: got "many"/],
    ['a wrong value in a profile', { profiles: { a: { rate: -1 } } }, /profiles\.a\.rate: got "-1"/],
    ['a profile that is none', { profiles: { a: 3 } }, /profiles\.a/],
    ['a setting twice', { vus: 1, VUS: 2 }, /expected vus once/],
    ['null', { vus: null }, /vus: got "null"/],
  ])('is refused with %s', (_what, data, said) => {
    expect(() => parse(data)).toThrow(said);
  });

  test.each([
    { api_key: 'sk-123456789' },
    { apiKey: 'sk-123456789' },
    { metrics_key: 'sk-123456789' },
    { openai_api_key: 'sk-123456789' },
    { extra_headers: { authorization: 'sk-123456789' } },
    { secret: 'sk-123456789' },
    { profiles: { a: { LLM_API_KEY: 'sk-123456789' } } },
    { base_url: 'https://me:sk-123456789@host/v1' },
    { metrics_url: 'https://host/metrics?token=sk-123456789' },
  ])('is refused with a key, by its name, and the key is not said: %j', (data) => {
    let message = '';
    try {
      parse(data);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/expected no key in this file/);
    expect(message).toContain(Object.keys('profiles' in data ? data.profiles.a : data)[0]);
    expect(message).not.toContain('sk-');
  });

  test('may hold any setting that is no secret', () => {
    for (const name of SETTING_NAMES.filter((one) => !hasTrait(one, 'secret'))) {
      expect([...parse({ [settingKey(name)]: '' }).base.keys()]).toEqual([name]);
    }
  });
});
