import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../run/meters/start-server.ts';

/** What a process of its own prints after `code`. */
function printed(code: string): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout.trim();
}

const WANTED = constants.priority.PRIORITY_ABOVE_NORMAL;

/** What this system gives to whoever asks for it. */
const granted = Number(
  printed(`import { getPriority, setPriority } from 'node:os';
    try { setPriority(${WANTED}); } catch {}
    console.log(getPriority());`),
);

test('priority is asked for, and whatever the system says is taken', () => {
  const importTs = JSON.stringify(path.join(import.meta.dirname, '../../../scripts/import-ts.mjs'));
  const said = printed(`import { getPriority } from 'node:os';
    const { importTs } = await import(${importTs});
    const { askForPriority } = await importTs('src/tools/machine/niceness.ts');
    askForPriority();
    console.log(getPriority());`);
  expect([WANTED, getPriority()]).toContain(granted);
  expect(said).toBe(String(granted));
});

test.each([['mock'], ['meter', '--target', 'http://127.0.0.1:9/v1', '--connections', '0']])(
  'the %s has it',
  async (...args) => {
    const server = await startServer([...args, '--port', '0']);
    onTestFinished(server.stop);
    expect(getPriority(server.pid)).toBe(granted);
    // Its session is its own, and counts before it.
    const group = `/proc/${server.pid}/autogroup`;
    if (granted === WANTED && existsSync(group))
      expect(readFileSync(group, 'utf8')).toContain(`nice ${granted}`);
  },
);
