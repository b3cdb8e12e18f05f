import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../docs/config.schema.json' with { type: 'json' };
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

let cwd = '';
beforeEach(() => {
  cwd = folderOfTest('config');
});

const write = (name: string, data: unknown): Promise<void> =>
  writeFile(path.join(cwd, name), typeof data === 'string' ? data : JSON.stringify(data));

test('settings come from the environment, the env file, the profile, the file, in this order; doctor says whence', async () => {
  const mock = await openMock();
  const config = {
    base_url: mock.url,
    mix: 'from-file',
    max_tokens: 11,
    vus: 3,
    rate: 4,
    profiles: { staging: { vus: 7, rate: 8, seed: 9 } },
  };
  expect(new Ajv2020({ allowUnionTypes: true }).validate(schema, config)).toBe(true);
  await write('k6-llm.config.json', config);
  await write('.env', 'LLM_RATE=21\nLLM_SEED=22\nLLM_API_KEY="sk-of-the-env-file"\n');
  const env = { K6_BIN: (await findK6(() => {})).path, LLM_SEED: '31' };
  const { stdout, stderr, code } = await runCli(['doctor', '--profile', 'staging', '--env-file', '.env'], {
    cwd,
    env,
  });
  expect(code, stdout + stderr).toBe(0);
  const line = (name: string): string => new RegExp(`${name} +(.*)`).exec(stdout)?.[1] ?? '';
  expect(line('LLM_MIX')).toBe('from-file  (k6-llm.config.json)');
  expect(line('LLM_MAX_TOKENS')).toBe('11  (k6-llm.config.json)');
  expect(line('LLM_VUS')).toBe('7  (k6-llm.config.json, profile staging)');
  expect(line('LLM_RATE')).toBe('21  (.env)');
  expect(line('LLM_SEED')).toBe('31  (set)');
  expect(line('LLM_API_KEY')).toBe('******** (18 characters)  (.env)');
  expect(stdout).not.toContain('sk-of-the-env-file');
});

test('a run takes them, and --config names another file', async () => {
  const mock = await openMock();
  await write('k6-llm.config.json', { mix: 'wrong' });
  await write('other.json', { base_url: mock.url, mix: 'right', results_dir: 'out' });
  const env = { K6_BIN: (await findK6(() => {})).path };
  const { code, stderr } = await runCli(['run', 'smoke', '--config=other.json'], { cwd, env });
  expect(code, stderr).toBe(0);
  expect(Object.keys(mock.truth().models)).toEqual(['right']);
});

test.each([
  [['--profile', 'x'], /expected k6-llm\.config\.json here, or --config FILE/],
  [['--config', 'none.json'], /--config: got "none\.json"; expected a file that can be read/],
  [['--config', 'key.json'], /key\.json: api_key: got "\(hidden\)"; expected no key in this file/],
  [
    ['--config', 'good.json', '--profile', 'stagin'],
    /expected a profile of good\.json: one of staging[^]*did you mean staging/,
  ],
  [['--config'], /--config: expected a value/],
  // Node 20 looks for the file itself, and ends with 9.
  [['--env-file', 'none.env'], /none\.env/],
])('%j is refused before anything is sent', async (flags, said) => {
  await write('key.json', { api_key: 'sk-1234567890' });
  await write('good.json', { profiles: { staging: {} } });
  const { code, stderr } = await runCli(['run', 'smoke', ...flags], { cwd });
  expect([2, 9]).toContain(code);
  expect(stderr).toMatch(said);
  expect(stderr).not.toContain('sk-');
});

test('help and completion know the flags', async () => {
  expect((await runCli(['run', '--help'], { cwd })).stdout).toContain('--profile NAME');
  expect((await runCli(['completion', 'bash'], { cwd })).stdout).toContain('--env-file');
});
