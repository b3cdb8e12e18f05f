import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { ServerError, startServer } from '../../src/tools/run/meters/start-server.ts';
import { isRunning } from '../support/processes.ts';

test('a server starts, answers, and is gone when it was stopped', async () => {
  const server = await startServer(['mock', '--port', '0', '--quiet']);
  expect((await fetch(`${server.url}/models`)).status).toBe(200);
  await server.stop();
  expect(await isRunning(server.pid)).toBe(false);
  await server.stop();
});

test('one that does not start says why', async () => {
  const start = startServer(['mock', '--port', 'x']);
  await expect(start).rejects.toThrow(ServerError);
  await expect(start).rejects.toThrow(/k6-llm mock did not start: [\s\S]*--port: got "x"/);
});

test('one that ends by itself during a run is told', async () => {
  const told: string[] = [];
  const server = await startServer(['mock', '--port', '0'], process.env, (line) => told.push(line));
  process.kill(server.pid, 'SIGTERM');
  await expect.poll(() => told).toHaveLength(1);
  expect(told[0]).toMatch(/^k6-llm mock ended before the run did/);
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'no server outlives a parent that ends by %s',
  async (signal) => {
    const source = `
      import { startServer } from './src/tools/run/meters/start-server.ts';
      const { pid } = await startServer(['mock', '--port', '0', '--quiet']);
      console.log(pid);
      setInterval(() => {}, 1000);`;
    const root = path.join(import.meta.dirname, '../..');
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      define: { 'import.meta.url': JSON.stringify(`file://${root}/src/tools/project-root.ts`) },
    });
    const code = outputFiles[0]?.text ?? '';
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const pid = Number(line);
    expect(await isRunning(pid)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await expect.poll(() => isRunning(pid)).toBe(false);
  },
);
