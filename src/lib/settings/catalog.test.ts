import { describe, expect, test } from 'vitest';
import { CATALOG, SETTING_NAMES, SETTING_SECTIONS, settingsWith } from './catalog.ts';
import { readSettings, vuSettingsOf } from './settings.ts';
import { PREFLIGHT_QUESTIONS } from './preflight-questions.ts';

describe('the catalog of settings', () => {
  test('has every setting in one section of the docs', () => {
    expect(SETTING_SECTIONS.flatMap(({ names }) => names)).toEqual(SETTING_NAMES);
  });

  test('gives no two settings one field', () => {
    const fields = SETTING_NAMES.flatMap((name) => CATALOG[name].field ?? []);
    expect(new Set(fields).size).toBe(fields.length);
  });

  test('gives VUs what the trait says, and nothing that only a plan or a summary needs', () => {
    const settings = readSettings({});
    const fields = settingsWith('vu').flatMap((name) => CATALOG[name].field ?? []);
    const kept = vuSettingsOf(settings);
    expect(Object.keys(kept).sort()).toEqual(
      [...fields, 'kind', 'provider', 'endpoints', 'transport', 'shape'].sort(),
    );
    expect(kept).toMatchObject({ maxTokens: 800, seed: 42, timeoutMs: 120_000 });
    expect(settings).toMatchObject({ maxVus: 2000, resultsDir: 'results', preflight: PREFLIGHT_QUESTIONS });
  });

  test('holds runs that are compared to what they ask, and the parts of one run to less', () => {
    expect(settingsWith('comparison')).toEqual(expect.arrayContaining([...settingsWith('parts')]));
    expect(settingsWith('comparison')).not.toContain('LLM_BASE_URL');
    expect(settingsWith('parts')).toEqual([
      'LLM_KIND',
      'LLM_MIX',
      'LLM_STREAM',
      'LLM_MAX_TOKENS',
      'LLM_SEED',
    ]);
  });
});
