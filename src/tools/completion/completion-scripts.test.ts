import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { type CompletedCommand, completionScript, type Shell } from './completion-scripts.ts';

const COMMANDS: readonly CompletedCommand[] = [
  {
    name: 'run',
    summary: "k6's run",
    flags: [{ name: 'stream', help: "ask: for 'streams' \\ it" }],
    operands: ['smoke', 'spike'],
  },
  { name: 'report', summary: 'a report', flags: [{ name: 'open', help: 'open it' }], operands: [] },
];

function completedByBash(...words: readonly string[]): string[] {
  const typed = ['k6-llm', ...words].map((word) => `'${word}'`).join(' ');
  const asked = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _k6_llm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = `${completionScript('bash', COMMANDS)}\n${asked}`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test.each<[string[], string[]]>([
  [[''], ['run', 'report', '--help', '--version']],
  [['re'], ['report']],
  [
    ['run', 's'],
    ['smoke', 'spike'],
  ],
  [
    ['run', 'smoke', '--'],
    ['--stream', '--help'],
  ],
  [['report', '--o'], ['--open']],
  [['report', 'x'], []],
  [['nonsense', ''], []],
])('bash completes %j', (words, expected) => {
  expect(completedByBash(...words)).toEqual(expected);
});

describe.each<[Shell, string]>([
  ['bash', 'bash'],
  ['zsh', 'zsh'],
  ['fish', 'fish'],
])('the script for %s', (shell, program) => {
  test('names every command and flag', () => {
    const script = completionScript(shell, COMMANDS);
    for (const word of ['run', 'report', 'smoke spike', 'stream', 'open']) expect(script).toContain(word);
  });

  const isHere = spawnSync(program, ['-c', ':']).status === 0;
  test.skipIf(!isHere)('is one that the shell can read, whatever is in the words', () => {
    const folder = folderOfTest('completion');
    const file = path.join(folder, 'script');
    writeFileSync(file, completionScript(shell, COMMANDS));
    const { status, stderr } = spawnSync(program, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test.skipIf(spawnSync('fish', ['-c', ':']).status !== 0)(
  'fish completes commands, scenarios and flags',
  () => {
    const asked = ['k6-llm re', 'k6-llm run sp', 'k6-llm run --st']
      .map((line) => `complete -C '${line}'`)
      .join('\n');
    const out = execFileSync('fish', ['-c', `${completionScript('fish', COMMANDS)}\n${asked}`], {
      encoding: 'utf8',
    });
    expect(out.split('\n').slice(0, 3)).toEqual([
      'report\ta report',
      'spike',
      "--stream\task: for 'streams' \\ it",
    ]);
  },
);
