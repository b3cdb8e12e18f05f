import { expect, test } from 'vitest';
import { buildSummary } from './build-summary.ts';
import { isSummary } from './is-summary.ts';
import { madeContext, madeData } from './made-data.ts';

const SUMMARY = buildSummary(madeData(), madeContext());

test('a summary is one, read from its file too', () => {
  expect(isSummary(SUMMARY)).toBe(true);
  expect(isSummary(JSON.parse(JSON.stringify(SUMMARY)))).toBe(true);
});

const PARTS =
  'slo trust totals models testTypes providers load settings metrics thresholds notes scenario schemaVersion';

test.each(PARTS.split(' '))('one without its %s is none', (name) => {
  expect(isSummary({ ...SUMMARY, [name]: undefined })).toBe(false);
  expect(isSummary({ ...SUMMARY, [name]: 'of another type'.length })).toBe(false);
});

test.each([[null], ['x'], [[SUMMARY]], [{ ...SUMMARY, schemaVersion: 2 }]])('nor is %#', (value) => {
  expect(isSummary(value)).toBe(false);
});
