import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

const cwd = folderOfTests('cli');

const COMMANDS = [
  'demo',
  'run',
  'new',
  'build',
  'mock',
  'meter',
  'doctor',
  'explain',
  'report',
  'compare',
  'ab',
  'forecast',
  'search',
  'prices',
  'list',
  'completion',
];

describe('help', () => {
  test('names every command, and fits into 80 columns', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('Usage: k6-llm <command> [flags]');
  });

  test.each(COMMANDS)('of %s shows its usage', async (name) => {
    const { code, stdout, stderr } = await runCli([name, '--help'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: k6-llm ${name}`);
    expect(stdout).toMatch(/-h, --help +this text/);
    expect(stdout, 'an example').toMatch(/^ {2}\S?.*(k6-llm|npm run) [a-z]/m);
    // Tables and examples, which are indented, stay as they were written.
    const text = stdout.split('\n').filter((line) => !/^ {2}\S/.test(line) || /^ {2}-/.test(line));
    expect(text.filter((line) => line.length > 80)).toEqual([]);
  });

  test('no command at all is wrong usage, and shows the commands', async () => {
    const { code, stdout } = await runCli([], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain('Usage: k6-llm');
  });
});

describe('wrong usage', () => {
  test.each([
    [['nonsense'], 'there is no command "nonsense"'],
    [['doctr'], '(did you mean doctor?)'],
    [['run'], 'expected one scenario; write k6-llm run smoke'],
    [['run', 'smoke', 'spike'], 'expected one scenario'],
    [['run', 'nope'], 'there is no scenario "nope"; expected one of ab, baseline'],
    [['run', 'brakepoint'], '"brakepoint" (did you mean breakpoint?); expected one of'],
    [['run', 'smoke', '--nope'], "Unknown option '--nope'"],
    [['run', 'stress', '--shards', 'many'], '--shards: got "many"; expected a whole number'],
    [['run', 'smoke', '--shards', '2'], '--shards: got "2"; expected at most 1'],
    [['run', 'smoke', '--k6-dashboard', '--shards', '1'], '--k6-dashboard: got it with --shards'],
    [['run', 'smoke', '--k6-bars', '--shards', '1'], '--k6-bars: got it with --shards'],
    [['run', 'smoke', '--cloud', '--live'], '--cloud: got it with --live'],
    [['run', 'smoke', '--cloud', '--meters', '2'], '--cloud: got it with --meters'],
    [['run', 'smoke', '--meters', '2'], '--meters: got "2" for a run that starts no meter'],
    [['run', 'smoke', '--stream', '--meters', 'x'], '--meters: got "x"; expected auto'],
    [['run', 'smoke', '--influxdb', 'nowhere'], '--influxdb: got "nowhere"; expected the http(s) address'],
    [['run', 'smoke', '--', '--console-output', 'x'], '--: got "--console-output"'],
    [['run', 'smoke', '--', '-e', 'LLM_VUS=many'], 'LLM_VUS: got "many"; expected'],
    [['demo', 'fast'], 'the demo takes no operands'],
    [['doctor', 'a', 'b'], 'expected at most one scenario'],
    [['doctor', 'nope'], 'there is no scenario "nope"'],
  ])('%j ends with 2, says why, and prints nothing to stdout', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a wrong setting ends with 2, before k6 is started', async () => {
    const { code, stderr } = await runCli(['run', 'smoke'], { cwd, env: { LLM_MIX: 'a=x' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^k6-llm run: LLM_MIX: .*; write LLM_MIX=/);
  });
});

describe('run --cloud', () => {
  const env = {
    LLM_BASE_URL: 'https://llm.example.com/v1',
    LLM_API_KEY: 'sk-very-secret',
    LLM_MIX: 'a=1,b=2',
    LLM_DATASET: 'own.json',
  };

  test('prints one command line, without the key, and runs nothing', async () => {
    const args = ['run', 'baseline', '--cloud', '--', '-e', 'LLM_VUS=7', '--tag', 'x=1'];
    const { code, stdout, stderr } = await runCli(args, { cwd, env: { ...env, K6_BIN: '/nowhere/k6' } });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stdout).toMatch(/^k6 cloud run -e LLM_BASE_URL=https:\/\/llm\.example\.com\/v1 .*baseline\.js\n$/);
    expect(stdout).toContain('-e LLM_MIX=a=1,b=2');
    expect(stdout).toContain('-e LLM_VUS=7');
    expect(stdout).toContain('--tag x=1');
    expect(stdout).toContain(`-e LLM_DATASET=${path.join(cwd, 'own.json')}`);
    expect(stdout + stderr).not.toContain('sk-very-secret');
    expect(stderr).toContain('The key is not in the command');
  });

  test('a target on loopback is refused', async () => {
    const { code, stderr } = await runCli(['run', 'baseline', '--cloud'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('a target that k6 Cloud can reach');
  });
});

test("the overview's and the README's commands are the same", async () => {
  const readme = await readFile(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const used = [...readme.matchAll(/npx k6-llm (\w+)/g)].map(([, name]) => name);
  expect(used.filter((name) => !COMMANDS.includes(name ?? ''))).toEqual([]);
});
