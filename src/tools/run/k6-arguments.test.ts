import { expect, test } from 'vitest';
import { UsageError } from '../cli/define-command.ts';
import { readK6Arguments, refuseHttpDebug } from './k6-arguments.ts';

test.each([
  [['-e', 'LLM_VUS=5', '--quiet'], ['--quiet'], { LLM_VUS: '5' }],
  [['--env', 'LLM_MIX=a=1,b=2'], [], { LLM_MIX: 'a=1,b=2' }],
  [['--env=LLM_RATE=3'], [], { LLM_RATE: '3' }],
  [['-eLLM_RATE=3'], [], { LLM_RATE: '3' }],
  [['-e', 'OWN=1', '--out', 'json=x'], ['-e', 'OWN=1', '--out', 'json=x'], {}],
  [['-e', 'LLM_TYPO=1'], ['-e', 'LLM_TYPO=1'], {}],
  [['-e'], ['-e'], {}],
  [[], [], {}],
])('of %j k6 gets %j and the settings are %j', (given, args, settings) => {
  expect(readK6Arguments(given)).toEqual({ args, settings });
});

test.each([
  [['--console-output', 'x']],
  [['--console-output=x']],
  [['--log-format', 'json']],
  [['--http-debug']],
  [['--http-debug=full']],
])('%j is refused', (given) => {
  expect(() => readK6Arguments(given)).toThrow(UsageError);
  expect(() => readK6Arguments(given)).toThrow(/^--: got "--.*"; expected .*; write k6-llm run/);
});

test('what shows the key is refused in the environment too', () => {
  expect(() => refuseHttpDebug({ K6_HTTP_DEBUG: 'full' })).toThrow(UsageError);
  expect(() => refuseHttpDebug({ K6_HTTP_DEBUG: '' })).not.toThrow();
});
