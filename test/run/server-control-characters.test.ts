import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { runCli } from '../support/cli.ts';
import { BODIES, EVIL, rawIn } from '../support/control-characters.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

async function openServer(): Promise<string> {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.includes('models') === true) {
      response.end(JSON.stringify({ data: [{ id: EVIL }, { id: `other ${EVIL}` }] }));
      return;
    }
    requests += 1;
    const body = BODIES[requests % 2];
    response.writeHead(requests % 2 === 0 ? 400 : 200, { 'content-type': 'text/\u009b31mhtml\u0085' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test('what terminals obey comes through nowhere from a server to k6, the launcher and its files', async () => {
  const url = await openServer();
  const env = { LLM_BASE_URL: url, LLM_MIX: 'm' };
  for (const preflight of ['0', '1']) {
    const { output, folder } = await runBundle('smoke', { ...env, LLM_PREFLIGHT: preflight });
    expect(rawIn(output)).toEqual([]);
    for (const name of readdirSync(folder)) {
      expect([name, ...rawIn(readFileSync(path.join(folder, name), 'utf8'))]).toEqual([name]);
    }
  }
  const folder = folderOfTest('control');
  const { stdout, stderr } = await runCli(['doctor', 'smoke'], { cwd: folder, env });
  expect(rawIn(stdout + stderr)).toEqual([]);
});
