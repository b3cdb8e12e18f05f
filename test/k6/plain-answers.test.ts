import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { createPlainReader } from '../../src/lib/kinds/chat/plain-answer.ts';
import { runK6 } from '../influxdb/k6-run.ts';
import { askedAnswer } from '../support/asked-answer.ts';
import { oddBodies, PLAIN_BODIES, twinBodies } from '../support/plain-bodies.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

test("k6's own JSON parser tells of every answer what a reader in script tells, or leaves it to it", async () => {
  const known = [...PLAIN_BODIES, ...oddBodies()];
  const bodies = [...known, ...twinBodies()];
  const url = await openPlainServer((request, response) => {
    response.end(bodies[Number(request.url?.split('/').at(-1))]);
  });
  const folder = folderOfTest('plain');
  const script = path.join(folder, 'plain.js');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'plain-script.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['k6', 'k6/http'],
  });
  const env = { BASE_URL: url, COUNT: String(bodies.length) };
  const { code, output } = await runK6(['--log-format', 'raw', script], { env, cwd: folder });
  expect(code, output).toBe(0);
  const { taken, disagreed } = JSON.parse(/READ (.*) END/.exec(output)?.[1] ?? '{}') as {
    taken?: number[];
    disagreed?: number[];
  };
  expect(disagreed?.map((index) => bodies[index])).toEqual([]);
  // No twins; of all others those that the stand-in for k6's parser, in tests without k6, takes too.
  const read = createPlainReader();
  const expected = known.filter((body) => read(askedAnswer(body)) !== null);
  expect(taken?.map((index) => bodies[index])).toEqual(expected);
});
