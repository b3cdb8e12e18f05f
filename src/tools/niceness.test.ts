import { spawnSync } from 'node:child_process';
import { constants, getPriority } from 'node:os';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from './run/child.ts';

/** What a process of its own prints after `code`. */
function printed(code: string): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout.trim();
}

async function bundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

const WANTED = constants.priority.PRIORITY_ABOVE_NORMAL;

/** What this system gives to whoever asks for it. */
const granted = Number(
  printed(`import { getPriority, setPriority } from 'node:os';
    try { setPriority(${WANTED}); } catch {}
    console.log(getPriority());`),
);

test('priority is asked for, and whatever the system says is taken', async () => {
  const code = `import { askForPriority } from './niceness.ts';
    import { getPriority } from 'node:os';
    askForPriority();
    console.log(getPriority());`;
  expect([WANTED, getPriority()]).toContain(granted);
  expect(printed(await bundled(code))).toBe(String(granted));
});

test.each([['mock'], ['meter', '--target', 'http://127.0.0.1:9/v1', '--connections', '0']])(
  'the %s has it',
  async (...args) => {
    const server = await startServer([...args, '--port', '0']);
    onTestFinished(server.stop);
    expect(getPriority(server.pid)).toBe(granted);
  },
);
