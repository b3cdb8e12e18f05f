import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { openInBrowser } from './open-in-browser.ts';

let folder = '';
beforeEach(() => {
  folder = folderOfTest('open');
  vi.stubEnv('PATH', `${folder}:${path.dirname(process.execPath)}:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test.skipIf(process.platform === 'win32').each([
  ['linux', 'xdg-open'],
  ['darwin', 'open'],
] as const)('on %s %s gets the address of the file', async (platform, program) => {
  const seen = path.join(folder, 'seen');
  writeFileSync(
    path.join(folder, program),
    `#!/bin/sh\nprintf %s "$1" > ${seen}.part && mv ${seen}.part ${seen}\n`,
  );
  chmodSync(path.join(folder, program), 0o755);
  await openInBrowser('/a b/report.html', platform);
  await expect.poll(() => readFileSync(seen, 'utf8')).toBe('file:///a%20b/report.html');
});

test('where nothing can open it, it says where the file is', async () => {
  vi.stubEnv('PATH', folder);
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  await openInBrowser('/x/report.html', 'linux');
  expect(said).toHaveBeenCalledWith('--open: there is no xdg-open here; open file:///x/report.html yourself');
});
