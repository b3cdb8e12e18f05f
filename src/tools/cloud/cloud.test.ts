import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { cloudCommand } from './cloud-command.ts';
import { shellLine } from './shell-line.ts';
import { cloudUse } from '../../../test/cloud/cloud-use.ts';

const bundle = 'dist/stress.js';
const TARGET = { LLM_BASE_URL: 'https://llm.example.com/v1' };

describe('the command line of a cloud run', () => {
  test('passes every setting of the shell, in a fixed order, and nothing else', () => {
    const env = { ...TARGET, LLM_STREAM: '0', LLM_MIX: 'gpt-4.1=70,o3=30', PATH: '/bin', LLM_RATE: ' ' };
    const { args, line } = cloudCommand({ bundle, env, k6Arguments: ['--show-logs'] });
    const pairs = [
      '-e',
      `LLM_BASE_URL=${TARGET.LLM_BASE_URL}`,
      '-e',
      'LLM_MIX=gpt-4.1=70,o3=30',
      '-e',
      'LLM_STREAM=0',
    ];
    expect(args).toEqual(['cloud', 'run', ...pairs, '--show-logs', bundle]);
    expect(line).toBe(`k6 ${args.join(' ')}`);
  });

  test('never holds a key, wherever it stands', () => {
    const env = {
      LLM_PROVIDER: 'openai',
      OPENAI_API_KEY: 'sk-secret-1',
      LLM_API_KEY: 'sk-secret-2',
      LLM_EXTRA_HEADERS: '{"x-key":"sk-secret-3"}',
      LLM_RESULTS_DIR: '/tmp/out',
    };
    const { args, line, notes } = cloudCommand({ bundle, env, k6Arguments: [] });
    expect([...args, line, ...notes].join(' ')).not.toContain('secret-');
    expect(args.join(' ')).not.toContain('LLM_RESULTS_DIR');
    expect(notes[0]).toContain('OPENAI_API_KEY');
    expect(notes.join(' ')).toContain('LLM_EXTRA_HEADERS was left out');
  });

  test.each([
    [{}, /LLM_PROVIDER: got "mock"/],
    [{ LLM_BASE_URL: 'http://localhost:8000' }, /LLM_BASE_URL: got "http:\/\/localhost:8000/],
    [{ LLM_BASE_URL: 'http://[::1]:8000' }, /LLM_BASE_URL/],
    [
      { LLM_BASE_URL: 'https://me:hunter2@llm.example.com' },
      /^(?!.*hunter2).*a URL without user and password/,
    ],
    [{ ...TARGET, LLM_METER_URL: 'http://127.0.0.1:8788' }, /LLM_TRANSPORT: got "meter"/],
    [{ ...TARGET, LLM_STREAM: '1', LLM_TRANSPORT: 'sse' }, /LLM_TRANSPORT: got "sse"/],
    [{ ...TARGET, LLM_VUS: 'many' }, /LLM_VUS/],
  ])('refuses %j', (env, message) => {
    expect(() => cloudCommand({ bundle, env, k6Arguments: [] })).toThrow(ConfigError);
    expect(() => cloudCommand({ bundle, env, k6Arguments: [] })).toThrow(message);
  });

  test('with --local-execution this machine sends the load, so its loopback and its meter will do', () => {
    const env = { LLM_METER_URL: 'http://127.0.0.1:8788', LLM_STREAM: '1' };
    const { args } = cloudCommand({ bundle, env, k6Arguments: ['--local-execution'] });
    expect(args).toContain('--local-execution');
  });
});

test.each([
  [['k6', '-e', 'LLM_MIX=a=1'], 'k6 -e LLM_MIX=a=1'],
  [['k6', '-e', 'LLM_EXTRA_BODY={"a": 1}'], `k6 -e 'LLM_EXTRA_BODY={"a": 1}'`],
  [["it's", '', '$HOME'], `'it'\\''s' '' '$HOME'`],
])('%j for a shell', (args, expected) => {
  expect(shellLine(args)).toBe(expected);
});

const ramp = (target: number) => [
  { duration: '2m0s', target },
  { duration: '5m30s', target },
];

describe('virtual user hours', () => {
  test.each([
    [
      'closed: the peak',
      { a: { executor: 'ramping-vus', startVUs: 1, stages: ramp(50) } },
      50,
      7.5,
      (50 * 8) / 60,
    ],
    [
      'open: every VU it may use',
      { a: { executor: 'ramping-arrival-rate', preAllocatedVUs: 20, maxVUs: 60, stages: ramp(5) } },
      60,
      7.5,
      8,
    ],
    ['short: at least 1', { a: { executor: 'shared-iterations', vus: 1, maxDuration: '10m0s' } }, 1, 10, 1],
    [
      'one after the other: the larger',
      {
        a: { executor: 'constant-vus', vus: 30, duration: '30m0s' },
        b: { executor: 'constant-vus', vus: 40, duration: '30m0s', startTime: '30m0s' },
      },
      40,
      60,
      40,
    ],
    [
      'side by side: the sum',
      {
        a: { executor: 'constant-vus', vus: 30, duration: '1h0m0s' },
        b: { executor: 'constant-vus', vus: 40, duration: '30m0s', startTime: '15m0s' },
      },
      70,
      60,
      70,
    ],
  ])('%s', (_, scenarios, maxVus, minutes, vuh) => {
    expect(cloudUse(scenarios)).toEqual({ maxVus, durationMs: minutes * 60_000, vuh });
  });
});
