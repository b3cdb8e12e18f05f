import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { folderOfTest } from '../../../../test/support/temporary-folder.ts';
import { ConfigError } from '../../../lib/parse/config-error.ts';
import { LOCK_FILE, lockFolder } from './folder-lock.ts';
import { runName, takeFolder, takeNewFolder } from './take-folder.ts';

let root = '';
let folder = '';
let said: string[] = [];
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  root = folderOfTest('results');
  folder = path.join(root, 'soak');
  said = [];
});

const lockText = (holder: object): string =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    born: null,
    since: '2026-11-25T04:31:07Z',
    ...holder,
  });

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a run is named by its time and its scenario', () => {
  expect(runName('stress', new Date('2026-11-25T04:31:07.123Z'))).toBe('2026-11-25T04-31-07-stress');
});

describe('a folder', () => {
  test('that is missing is made, with those above it, for its owner only', async () => {
    const deep = path.join(folder, 'a');
    (await takeFolder(deep, { say })).release();
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
    expect(await readdir(deep)).toEqual([]);
    expect(said).toEqual([]);
  });

  test('with an earlier run keeps it aside and says so; what is not ours stays', async () => {
    for (const text of ['first', 'second', 'third']) {
      const { release } = await takeFolder(folder, { say });
      for (const name of ['samples.jsonl', 'summary.json']) await writeFile(path.join(folder, name), text);
      await mkdir(path.join(folder, 'shard-0'));
      await writeFile(path.join(folder, 'notes.txt'), text);
      release();
    }
    expect((await readdir(root)).toSorted()).toEqual(['soak', 'soak.1', 'soak.2']);
    expect(await readFile(path.join(root, 'soak.1', 'summary.json'), 'utf8')).toBe('first');
    expect(await readFile(path.join(root, 'soak.2', 'samples.jsonl'), 'utf8')).toBe('second');
    expect((await readdir(path.join(root, 'soak.2'))).toSorted()).toEqual([
      'samples.jsonl',
      'shard-0',
      'summary.json',
    ]);
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/soak held an earlier run, which is now in .*soak\.2\/$/);
    await takeFolder(folder, { say }).then(({ release }) => release());
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test('that holds the working folder keeps an earlier run inside itself', async () => {
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(root);
    await writeFile('summary.json', 'old');
    (await takeFolder('.', { say })).release();
    expect(await readFile(path.join(root, 'earlier.1', 'summary.json'), 'utf8')).toBe('old');
  });

  test('that a live process writes to is refused, and keeps what is in it', async () => {
    const { release } = await takeFolder(folder, { say });
    await writeFile(path.join(folder, 'summary.json'), 'live');
    const second = takeFolder(folder, { say });
    await expect(second).rejects.toThrow(ConfigError);
    await expect(second).rejects.toThrow(
      new RegExp(`soak".*\\(process ${process.pid} on .* has been writing to it since 20.*LLM_RESULTS_DIR=`),
    );
    expect(readFileSync(path.join(folder, 'summary.json'), 'utf8')).toBe('live');
    release();
    (await takeFolder(folder, { say })).release();
  });

  test.each([
    ['on another machine', { host: 'elsewhere' }, /process \d+ on elsewhere/],
    ['whose process cannot be read', null, /another run is just taking it/],
  ])('locked %s is refused', async (_title, holder, message) => {
    await mkdir(folder);
    await writeFile(path.join(folder, LOCK_FILE), holder === null ? '{"pid"' : lockText(holder));
    await expect(takeFolder(folder, { say })).rejects.toThrow(message);
  });

  test('whose process is gone is taken over', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, LOCK_FILE), lockText({ pid: await deadPid() }));
    const { release } = await takeFolder(folder, { say });
    expect(JSON.parse(readFileSync(path.join(folder, LOCK_FILE), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    release();
    expect(await readdir(folder)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('whose number another process has now is taken over', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, LOCK_FILE), lockText({ born: '1' }));
    (await takeFolder(folder, { say })).release();
  });

  test('of a dead process goes to one of many that want it at once', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, LOCK_FILE), lockText({ pid: await deadPid() }));
    const code = `import { lockFolder } from './folder-lock.ts';
      const lock = lockFolder(process.argv[2]);
      process.stdout.write('release' in lock ? 'mine\\n' : 'no\\n');
      process.stdin.resume().on('end', () => process.exit());`;
    const script = path.join(root, 'taker.mjs');
    await build({
      stdin: { contents: code, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
    });
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, [script, folder]));
    const answers = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])),
    );
    expect(answers.toSorted()).toEqual(['mine\n', 'no\n', 'no\n', 'no\n']);
    const gone = children.map((child) => once(child, 'exit'));
    for (const { stdin } of children) stdin.end();
    await Promise.all(gone);
    expect(existsSync(path.join(folder, LOCK_FILE))).toBe(false);
  });

  test('lets go of its own lock only', async () => {
    await mkdir(folder);
    const lock = lockFolder(folder);
    await writeFile(path.join(folder, LOCK_FILE), lockText({ pid: 1 }));
    if ('release' in lock) lock.release();
    expect(await readdir(folder)).toEqual([LOCK_FILE]);
  });
});

test.each([
  ['a file', (): string => path.join(root, 'file'), 'a file is in its place'],
  ['below a file', (): string => path.join(root, 'file', 'x'), 'a file is in its place'],
  ['of the system', (): string => '/proc/x', 'no such file or directory'],
  ['a device', (): string => '/dev/null', 'a file is in its place'],
])('what is no folder, %s, is refused with the reason', async (_title, place, reason) => {
  await writeFile(path.join(root, 'file'), '');
  const taking = takeFolder(place(), { say });
  await expect(taking).rejects.toThrow(ConfigError);
  await expect(taking).rejects.toThrow(reason);
});

test('many runs of one second get a folder each', async () => {
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(root);
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeNewFolder('name')));
  for (const { release } of taken) release();
  const expected = Array.from(
    { length: 8 },
    (_, index) => `results/name${index === 0 ? '' : `-${index + 1}`}`,
  );
  expect(taken.map((one) => one.folder).toSorted()).toEqual(expected.toSorted());
});
