import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../run/meters/start-server.ts';

// Only Linux has a table that grows in the middle of a load, and says how large it is.
test
  .runIf(process.platform === 'linux')
  .each([['mock'], ['meter', '--target', 'http://127.0.0.1:9/v1', '--connections', '0']])(
  'the %s has room for many connections from the start',
  async (...args) => {
    const server = await startServer([...args, '--port', '0']);
    onTestFinished(server.stop);
    const [, room] = /^FDSize:\s+(\d+)$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? [];
    const [, limit] =
      /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/limits`, 'utf8')) ?? [];
    expect(Number(room)).toBeGreaterThanOrEqual(Math.min(4096, Number(limit)));
  },
);
