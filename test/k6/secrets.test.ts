import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const run = promisify(execFile);

/** Every shape of output that k6 has a file for. */
const ALL_FILES = ['--out', 'json=points.json', '--out', 'csv=points.csv', '--summary-export', 'export.json'];

/** The secrets that are in the bytes of a folder's files, or in an output. */
async function leaks(secrets: readonly string[], folder: string, output: string): Promise<string[]> {
  const names = await readdir(folder);
  expect(names).toContain('summary.json');
  const files = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  const places: [string, Buffer][] = [
    ['output', Buffer.from(output)],
    ...files.map((bytes, index): [string, Buffer] => [names[index] ?? '', bytes]),
  ];
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ]);
  return places.flatMap(([name, bytes]) =>
    forms.filter((form) => bytes.includes(form)).map((form) => `${name}: ${form}`),
  );
}

/** A server that refuses everything, and says in many ways what it was sent. */
async function openParrot(status: number, models = 200): Promise<string> {
  const server: Server = createServer((request: IncomingMessage, response) => {
    const sent = request.headers.authorization ?? '';
    const key = sent.replace(/^Bearer /, '');
    const isModels = request.url?.includes('models') ?? false;
    request.resume().on('end', () => {
      response.writeHead(isModels ? models : status, {
        'content-type': 'application/json',
        'x-echo': sent,
        'www-authenticate': `Bearer realm="${key}"`,
      });
      const message = `Token ${key} of ${JSON.stringify(request.headers)} is not known here, ${sent}`;
      response.end(JSON.stringify({ error: { message, code: key, type: key }, key }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`;
}

/** Keys as makers shape them, and one with no shape at all. */
const KEYS = [
  'sk-proj-aB3dE6gH9jK2mN5pQ8sT1vW4yZ7',
  '0123456789abcdef0123456789abcdef',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0LWtleSJ9.c2lnbmF0dXJl',
  'correct.horse+battery/staple==',
];

describe('a key is in no output and no file', () => {
  test.each([
    ['refused before the load', 401, '1'],
    ['refused in the load', 401, '0'],
    ['sent to a server that fails', 500, '1'],
    ['sent to a server that does not like the request', 400, '1'],
    ['sent to a server that has no quota', 429, '0'],
  ])('where it is %s by a server that repeats it', async (_name, status, preflight) => {
    const url = await openParrot(status);
    const found: string[] = [];
    for (const key of KEYS) {
      const extra = 'hdr-5ecret-in-a-header-77';
      const { code, output, folder } = await runBundle(
        'smoke',
        {
          LLM_API_KEY: key,
          OPENAI_API_KEY: `other-${key}`,
          LLM_EXTRA_HEADERS: JSON.stringify({ 'x-gateway-token': extra }),
          LLM_BASE_URL: url,
          LLM_MIX: 'm',
          LLM_PREFLIGHT: preflight,
        },
        ALL_FILES,
      );
      expect(code).not.toBe(0);
      found.push(...(await leaks([key, extra], folder, output)));
    }
    expect(found).toEqual([]);
  });

  test('where k6 is told to print everything, that is said first', async () => {
    const mock = await openMock();
    const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'm' };
    const { output } = await runBundle('smoke', env, ['--http-debug']);
    expect(output).toMatch(/--http-debug prints every request with its headers, the key among them/);
    expect(output.indexOf('--http-debug prints')).toBeLessThan(output.indexOf('GET /v1/models'));
    expect((await runBundle('smoke', env)).output).not.toContain('--http-debug');
  });

  test('where the address holds a password', async () => {
    const mock = await openMock();
    const url = mock.url.replace('http://', 'http://someone:pa55word-in-address@');
    const { code, output, folder } = await runBundle(
      'smoke',
      { LLM_BASE_URL: `${url}?token=t0ken-in-query`, LLM_MIX: 'm' },
      ALL_FILES,
    );
    expect([code, await leaks(['pa55word-in-address', 't0ken-in-query'], folder, output)]).toEqual([
      code,
      [],
    ]);
  });

  test("where it comes from k6's own secrets", async () => {
    const key = 'key-from-k6-secret-source-42';
    const mock = await openMock({ apiKey: key });
    const file = path.join(PROJECT_ROOT, 'results', `.secrets-${process.pid}`);
    await writeFile(file, `LLM_API_KEY=${key}\n`);
    onTestFinished(() => import('node:fs/promises').then(({ rm }) => rm(file, { force: true })));
    const { code, output, folder } = await runBundle('smoke', { LLM_BASE_URL: mock.url, LLM_MIX: 'm' }, [
      ...ALL_FILES,
      '--secret-source',
      `file=${file}`,
    ]);
    expect(code).toBe(0);
    expect(mock.truth().totals).toMatchObject({ requests: 6, failed: 0 });
    expect(await leaks([key], folder, output)).toEqual([]);
  });

  test('of an archive, nor in what k6 inspect prints', async () => {
    const k6 = await findK6(() => {});
    const { folder, output } = await runBundle('smoke', {
      LLM_BASE_URL: await openParrot(401),
      LLM_MIX: 'm',
    });
    const env = {
      PATH: process.env['PATH'],
      LLM_API_KEY: KEYS[0],
      OPENAI_API_KEY: KEYS[1],
      LLM_PROVIDER: 'openai',
      LLM_BASE_URL: `https://someone:${KEYS[3]}@llm.test/v1`,
    };
    const bundle = path.join(PROJECT_ROOT, 'dist', 'stress.js');
    await run(k6.path, ['archive', '-O', path.join(folder, 'stress.tar'), bundle], { env });
    const { stdout, stderr } = await run(k6.path, ['inspect', bundle], { env });
    expect(stdout).toContain('scenarios');
    expect(await leaks(KEYS, folder, output + stdout + stderr)).toEqual([]);
  });
});
