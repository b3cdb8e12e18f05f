import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import batch from '../../../thresholds/batch.json';
import ci from '../../../thresholds/ci.json';
import standard from '../../../thresholds/default.json';
import schema from '../../../thresholds/schema.json';
import streaming from '../../../thresholds/streaming.json';
import strict from '../../../thresholds/strict.json';
import { loadProfile, PROFILE_NAMES } from './load-profile.ts';
import { parseProfile, parseProfileText } from './threshold-profile.ts';

const PLACE = 'LLM_THRESHOLDS p.json';

function noFile(path: string): string {
  throw new Error(`read ${path}`);
}

describe('the built-in profiles', () => {
  test.each([standard, streaming, batch, strict, ci])(
    '$name fits the schema and is found by its name',
    (profile) => {
      const validate = new Ajv().compile(schema);
      validate(profile);
      expect(validate.errors).toBeNull();
      expect(loadProfile(profile.name, noFile)).toEqual({
        name: profile.name,
        thresholds: profile.thresholds,
      });
    },
  );

  test('are all there is', () => {
    expect(PROFILE_NAMES).toEqual(['default', 'streaming', 'batch', 'strict', 'ci']);
  });
});

describe('loadProfile', () => {
  test('takes anything with a dot or a slash as a file', () => {
    for (const path of ['own.json', '/data/own', 'dir/own', 'C:\\own']) {
      expect(loadProfile(path, () => '{"thresholds":{}}').thresholds).toEqual({});
    }
  });

  test('takes no notice of space around a name', () => {
    expect(loadProfile(' strict ', noFile).name).toBe('strict');
  });

  test('names the file that is no profile', () => {
    expect(() => loadProfile('own.json', () => '[]')).toThrow(/^LLM_THRESHOLDS own\.json: got/);
  });

  test('offers the nearest name for an unknown one', () => {
    expect(() => loadProfile('strct', noFile)).toThrow(
      'LLM_THRESHOLDS: got "strct"; expected one of default, streaming, batch, strict, ci, or a JSON file (did you mean strict?); ' +
        'write LLM_THRESHOLDS=default, or LLM_THRESHOLDS=/path/to/profile.json',
    );
    expect(() => loadProfile('constructor', noFile)).toThrow(/^LLM_THRESHOLDS: got/);
  });
});

describe('parseProfile', () => {
  test('keeps what k6 takes', () => {
    const stop = { threshold: 'rate<0.5', abortOnFail: true, delayAbortEval: '1m30s' };
    const thresholds = { error_rate: ['rate<0.1', stop, { threshold: 'rate<0.2' }] };
    expect(parseProfile({ name: 'n', thresholds }, PLACE)).toStrictEqual({ name: 'n', thresholds });
  });

  test.each<[unknown, string]>([
    [null, PLACE],
    [[], PLACE],
    [{}, 'thresholds: got "nothing"'],
    [{ treshold: {} }, 'did you mean thresholds?'],
    [{ thresholds: [] }, 'thresholds: got "[]"'],
    [{ thresholds: { checks: 'rate>0.9' } }, 'checks: got "rate>0.9"; expected a list'],
    [{ thresholds: { checks: [5] } }, 'checks[0]: got "5"'],
    [{ thresholds: { checks: [{}] } }, 'checks[0].threshold: got "nothing"'],
    [{ thresholds: { checks: [{ threshold: 'rate>0.9', abortOnfail: true }] } }, 'did you mean abortOnFail?'],
    [{ thresholds: { checks: [{ threshold: 'rate>0.9', abortOnFail: 'yes' }] } }, 'abortOnFail: got "yes"'],
    [{ thresholds: { checks: [{ threshold: 'rate>0.9', delayAbortEval: 10 }] } }, 'delayAbortEval: got "10"'],
    [{ thresholds: { checks: [{ threshold: 'rate>0.9', delayAbortEval: 'x' }] } }, 'delayAbortEval: got "x"'],
  ])('%j is refused', (data, part) => {
    expect(() => parseProfile(data, PLACE)).toThrow(part);
  });

  test('a file that is no JSON is refused by name', () => {
    expect(() => parseProfileText('{"thresholds":', PLACE)).toThrow(`${PLACE}: got`);
    expect(parseProfileText('\uFEFF{"thresholds":{}}', PLACE).thresholds).toEqual({});
  });
});
