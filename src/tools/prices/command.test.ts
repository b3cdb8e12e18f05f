import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { UsageError } from '../cli/define-command.ts';
import { command } from './command.ts';

const LITELLM = {
  'gpt-9': {
    litellm_provider: 'openai',
    mode: 'chat',
    input_cost_per_token: 1e-6,
    output_cost_per_token: 2e-6,
  },
};

describe('k6-llm prices', () => {
  let folder = '';
  const at = (name: string): string => path.join(folder, name);
  beforeEach(async () => {
    folder = folderOfTest('prices');
    await writeFile(at('litellm.json'), JSON.stringify(LITELLM));
    await writeFile(at('prices.json'), '{"models":{"own":{"input":1,"output":1}}}');
    vi.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('brings a price file up to date', async () => {
    const flags = ['--out', at('prices.json'), '--release', '1.2.3', '--date', '2026-02-03'];
    expect(await command.run([...flags, at('litellm.json')])).toBe(0);
    const updated = JSON.parse(await readFile(at('prices.json'), 'utf8'));
    expect(updated.models).toEqual({ own: { input: 1, output: 1 } });
    expect(updated.providers.openai).toMatchObject({
      source: 'LiteLLM 1.2.3, model_prices_and_context_window.json',
      date: '2026-02-03',
      models: { 'gpt-9': { input: 1, output: 2 } },
    });
  });

  test.each([
    ['no file', []],
    ['two files', ['a.json', 'b.json']],
    ['a missing file', ['/nowhere/litellm.json']],
    ['a file without an end', ['/dev/zero']],
    ['a date that is none', ['--date', 'today', 'litellm.json']],
    ['an unknown flag', ['--output', 'x', 'litellm.json']],
  ])('%s is wrong usage', async (_, args) => {
    await expect(async () => command.run(['--out', at('prices.json'), ...args])).rejects.toThrow(UsageError);
    expect(await readFile(at('prices.json'), 'utf8')).toContain('"own"');
  });
});
