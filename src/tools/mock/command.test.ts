import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { requestRaw } from '../../../test/support/raw-http.ts';
import { FAULT_NAMES } from './faults/faults.ts';
import { command } from './command.ts';

test('help names every fault', () => {
  for (const name of FAULT_NAMES) expect(command.help).toContain(name);
});

test.each([
  [['extra'], /got "extra"; expected flags only/],
  [['--port', 'x'], /^--port: got "x"; expected a whole number from 0 to 65535; write --port 8787/],
  [['--port', '70000'], /^--port: got "70000"/],
  [['--host', '0.0.0.0'], /^--host: got "0.0.0.0"; expected a loopback/],
  [['--ttft', 'soon'], /^--ttft: got "soon"/],
  [['--slots', '0'], /^--slots: got "0"; expected a whole number of at least 1/],
  [['--batch-slowdown', 'x'], /^--batch-slowdown: got "x"; expected a number from 0 to 100/],
  [['--fault', 'nope=1'], /^--fault: got "nope=1"/],
  [['--fault', 'html=0.6', '--fault', 'cut=0.6'], /add up to 1/],
  [['--model', 'm'], /^--model: got "m"/],
  [['--rate-limit', 'many'], /^--rate-limit: got "many"/],
  [['--unknown'], /Unknown option/],
])('%j is wrong usage', async (args, message) => {
  await expect(async () => command.run(args)).rejects.toThrow(message);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'it prints its URL, serves, and ends with 0 on %s',
  async (signal) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { command } from './command.ts'; process.exitCode = await command.run(process.argv.slice(1));`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      minify: true,
      write: false,
    });
    const args = [
      '--input-type=module',
      '-e',
      outputFiles[0]?.text ?? '',
      '--',
      '--port',
      '0',
      '--ttft',
      '1',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const url = String((await once(child.stdout, 'data'))[0]).split('\n')[0] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    const path = '/v1/models';
    expect((await requestRaw(Number(new URL(url).port), { path })).status).toBe(200);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  },
);
