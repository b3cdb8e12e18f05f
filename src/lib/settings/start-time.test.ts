import { expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { parseStartTime } from './start-time.ts';

test.each([
  ['2026-11-25T10:00:00Z', Date.UTC(2026, 10, 25, 10)],
  ['2026-11-25 12:00:00.5+02:00', Date.UTC(2026, 10, 25, 10) + 500],
  ['1795600800', 1_795_600_800_000],
  ['1795600800.25', 1_795_600_800_250],
])('%s', (text, expected) => {
  expect(parseStartTime(text, 'LLM_START_AT')).toBe(expected);
});

test.each(['10:00', '2026-11-25T10:00:00', '2026-02-30T10:00:00Z', '5', 'soon'])('refuses %j', (text) => {
  expect(() => parseStartTime(text, 'LLM_START_AT')).toThrow(ConfigError);
  expect(() => parseStartTime(text, 'LLM_START_AT')).toThrow(/write LLM_START_AT=2026-11-25T10:00:00Z/);
});
