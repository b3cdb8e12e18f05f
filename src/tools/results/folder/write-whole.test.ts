import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { folderOfTest } from '../../../../test/support/temporary-folder.ts';
import { NotWritten, writeWhole } from './write-whole.ts';

let root = '';
beforeEach(() => {
  root = folderOfTest('write');
});

const at = (name: string): string => path.join(root, name);
const text = (content: string) => () => content;

test('files are there whole, folders made, and nothing is left aside', async () => {
  await writeWhole([
    { file: at('a/b/one'), render: text('1') },
    { file: at('two'), render: async () => '2' },
  ]);
  expect(await readFile(at('a/b/one'), 'utf8')).toBe('1');
  expect((await readdir(root)).toSorted()).toEqual(['a', 'two']);
});

test('one that cannot be written is named with the reason; the others are written', async () => {
  await writeFile(at('file'), 'kept');
  const writing = writeWhole([
    { file: at('file/below'), render: text('1') },
    { file: '/proc/x/y', render: text('2') },
    { file: at('good'), render: text('3') },
  ]);
  await expect(writing).rejects.toThrow(NotWritten);
  await expect(writing).rejects.toThrow(
    `not written: ${at('file/below')} (it is no folder), /proc/x/y (no such file or directory); what was there before is unchanged`,
  );
  expect(await readFile(at('file'), 'utf8')).toBe('kept');
  expect(await readFile(at('good'), 'utf8')).toBe('3');
});

test('one whose text could not be written aside stays what it was', async () => {
  await writeFile(at('summary.json'), 'good');
  await mkdir(at(`summary.json.${process.pid}.part`));
  const writing = writeWhole([{ file: at('summary.json'), render: text('better') }]);
  await expect(writing).rejects.toThrow(NotWritten);
  expect(await readFile(at('summary.json'), 'utf8')).toBe('good');
});

test.runIf(existsSync('/dev/full'))('a device is written to, not replaced', async () => {
  await writeWhole([{ file: '/dev/null', render: text('x') }]);
  const full = writeWhole([{ file: '/dev/full', render: text('x') }]);
  await expect(full).rejects.toThrow('/dev/full (no space left on device)');
});

test('a link stays one, and a folder in the way is told', async () => {
  await writeFile(at('target'), 'old');
  await symlink(at('target'), at('link'));
  await mkdir(at('folder'));
  await writeWhole([{ file: at('link'), render: text('new') }]);
  expect(await readFile(at('target'), 'utf8')).toBe('new');
  await expect(writeWhole([{ file: at('folder'), render: text('x') }])).rejects.toThrow(
    /folder \(illegal operation/,
  );
  expect((await readdir(root)).toSorted()).toEqual(['folder', 'link', 'target']);
});

test('what fails in our own code is no matter of the disk', async () => {
  const broken = writeWhole([
    {
      file: at('x'),
      render: () => {
        throw new TypeError('ours');
      },
    },
  ]);
  await expect(broken).rejects.toThrow(TypeError);
});
