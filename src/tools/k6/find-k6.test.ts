import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { findK6, parseVersion } from './find-k6.ts';
import { K6Missing } from './k6-missing.ts';

let root = '';
beforeEach(() => {
  root = folderOfTest('find');
});

/** A k6 that says which it is, and can do nothing else. */
async function fakeK6(folder: string, version: string): Promise<string> {
  const file = path.join(root, folder, 'k6');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n[ "$1" = version ] || exit 1\ncat <<END\n${version}\nEND\n`);
  await chmod(file, 0o755);
  return file;
}

const V110 = 'k6 v1.1.0 (commit/0e3fb953be, go1.24.4, linux/amd64)';
const V201 = `k6 v2.0.1 (commit/abc, go1.25, linux/arm64)
Extensions:
  github.com/phymbert/xk6-sse v0.1.12, k6/x/sse [js]`;

test.each([
  [V110, { major: 1, minor: 1, text: 'v1.1.0' }],
  [V201, { major: 2, minor: 0, text: 'v2.0.1' }],
  ['k6 v1.2.0-rc1 (go1.24.4)', { major: 1, minor: 2, text: 'v1.2.0-rc1' }],
  ['k6 0.57.0', null],
  ['', null],
])('%j is version %j', (output, version) => {
  expect(parseVersion(output)).toEqual(version);
});

describe.skipIf(process.platform === 'win32')('findK6', () => {
  const noInstall = async (): Promise<void> => {
    throw new Error('it must not install');
  };
  const find = (env: Record<string, string>, install = noInstall) => findK6(() => {}, env, { root, install });

  test('K6_BIN comes first, then PATH, then .k6', async () => {
    const chosen = await fakeK6('chosen', V110);
    const onPath = await fakeK6('path', V201);
    const installed = await fakeK6('.k6/bin', V110);
    const PATH = `${path.join(root, 'nowhere')}:${path.dirname(onPath)}`;
    expect(await find({ K6_BIN: chosen, PATH })).toMatchObject({ path: chosen, source: 'K6_BIN' });
    expect(await find({ PATH })).toMatchObject({ path: onPath, source: 'PATH', hasSse: true });
    expect(await find({ PATH: '' })).toMatchObject({ path: installed, source: '.k6', hasSse: false });
  });

  test('a k6 on PATH that is too old is passed over', async () => {
    const old = await fakeK6('old', 'k6 v1.0.0 (go1.24.4)');
    const installed = await fakeK6('.k6/bin', V110);
    expect(await find({ PATH: path.dirname(old) })).toMatchObject({ path: installed });
  });

  test('one that is too old is named before another is installed, and where none can be', async () => {
    const old = await fakeK6('old', 'k6 v0.57.0 (go1.24.4)');
    const said: string[] = [];
    const install = async (): Promise<void> => {
      throw new K6Missing('none can be installed');
    };
    const finding = findK6((line) => said.push(line), { PATH: path.dirname(old) }, { root, install });
    await expect(finding).rejects.toThrow(K6Missing);
    expect(said).toEqual([`${old} is v0.57.0; 1.1 or newer is needed`]);
  });

  test.each([
    ['k6 v1.0.0 (go1.24.4)', 'which is v1.0.0'],
    ['hello', 'which does not say which k6 it is'],
  ])('a K6_BIN that says %j is refused, whatever else is there', async (version, reason) => {
    const chosen = await fakeK6('chosen', version);
    await fakeK6('.k6/bin', V110);
    await expect(find({ K6_BIN: chosen })).rejects.toThrow(
      `K6_BIN: got "${chosen}", ${reason}; expected the path of a k6 1.1 or newer; write K6_BIN=/usr/local/bin/k6`,
    );
  });

  test('a K6_BIN that is not there is refused', async () => {
    await expect(find({ K6_BIN: '/nowhere/k6' })).rejects.toThrow(
      /^K6_BIN: got "\/nowhere\/k6", which is no file/,
    );
  });

  test('it is installed when none is there', async () => {
    const install = async (): Promise<void> => void (await fakeK6('.k6/bin', V110));
    expect(await find({ PATH: '' }, install)).toMatchObject({ source: '.k6', version: { text: 'v1.1.0' } });
  });

  test('an installed one that does not run is told, with how to get another', async () => {
    const install = async (): Promise<void> => {
      await chmod(await fakeK6('.k6/bin', V110), 0o644);
    };
    await expect(find({ PATH: '' }, install)).rejects.toThrow(K6Missing);
    await expect(find({ PATH: '' }, install)).rejects.toThrow(/brew install k6/);
  });
});
