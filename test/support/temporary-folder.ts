import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished, type TestContext } from 'vitest';

/**
 * An empty folder for the running test, gone when the test has ended; a test that runs beside others of its file hands
 * its own context over. `name` tells whose the folder is, should it be left.
 */
export function folderOfTest(name: string, own?: Pick<TestContext, 'onTestFinished'>): string {
  const folder = makeFolder(name);
  (own?.onTestFinished ?? onTestFinished)(() => remove(folder));
  return folder;
}

/** An empty folder for all tests of a file (or of the `describe` around the call), gone when they have ended. */
export function folderOfTests(name: string): string {
  const folder = makeFolder(name);
  afterAll(() => remove(folder));
  return folder;
}

function makeFolder(name: string): string {
  return mkdtempSync(path.join(tmpdir(), `k6-llm-${name}-`));
}

/** A process that a test has ended may write one more file while its folder is taken away: then once more. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
