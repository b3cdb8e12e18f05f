import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { scenarioTemplate } from '../../src/tools/new/scenario-template.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { openRedirectingServer } from '../support/servers/redirecting-server.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

const cwd = folderOfTests('doctor');
let K6_BIN = '';
beforeAll(async () => {
  K6_BIN = (await findK6(() => {})).path;
});

test('when a run could start it ends with 0, in 80 columns', async () => {
  const mock = await openMock();
  await writeFile(path.join(cwd, 'own.json'), '[{"prompt":"Name a bird."}]');
  const env = {
    K6_BIN,
    LLM_BASE_URL: mock.url,
    LLM_MIX: Array.from({ length: 12 }, (_, index) => `a-model-with-a-name-${index}=1`).join(','),
    LLM_DATASET: 'own.json',
    LLM_RATE: '400',
  };
  const { code, stdout } = await runCli(['doctor', 'stress'], { cwd, env });
  expect(stdout.match(/^[✓✗!].*/gm)).toEqual([
    expect.stringMatching(/^✓ k6 v\d+\.\d+\S* from K6_BIN/),
    expect.stringMatching(/^✓ settings \(\d+\)/),
    // The mock answers any name, and lists its own.
    `! target ${mock.url} (custom)`,
    '✓ a request as it would be sent',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/LLM_RATE +400 {2}\(set\)/);
  expect(stdout).toContain('400 in');
  expect(stdout).toContain('GET models: HTTP 200');
  const tooLong = stdout.split('\n').filter((line) => line.length > 80 && !line.includes(cwd));
  expect(tooLong).toEqual([]);
  expect(mock.truth().requests.started).toBe(0);
});

test("a scenario of one's own is built, and what k6 makes of it is shown", async () => {
  const mock = await openMock();
  await writeFile(path.join(cwd, 'mine.ts'), scenarioTemplate('mine'));
  const env = { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'mock-small' };
  const { code, stdout, stderr } = await runCli(['doctor', './mine.ts'], { cwd, env });
  expect(stderr).toContain('dist/mine.js');
  expect(stdout).toContain('load mine: ramping-vus; 5 in 30s');
  expect(stdout).toContain('threshold ai_latency_ms: p(95)<5000');
  expect(code, stdout).toBe(0);
});

test('no secret is printed, whatever goes wrong', async () => {
  const env = {
    K6_BIN,
    LLM_PROVIDER: 'openai',
    OPENAI_API_KEY: 'sk-secret-1',
    LLM_BASE_URL: 'http://user:secret-2@127.0.0.1:9/v1?key=secret-3',
    LLM_EXTRA_HEADERS: '{"x-token":"secret-4"}',
    LLM_METRICS_URL: 'http://user:secret-5@127.0.0.1:9/metrics?key=secret-6',
  };
  const { code, stdout, stderr } = await runCli(['doctor'], { cwd, env });
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain('secret');
  expect(stdout).toContain('******** (11 characters)');
  expect(stdout).toContain('✗ target http://127.0.0.1:9/v1 (openai)');
});

test.each([
  ['a key is refused', { LLM_API_KEY: 'wrong' }, /GET models: HTTP 401: the key is refused/],
  ['a key is missing', { LLM_PROVIDER: 'openai' }, /✗ settings[\s\S]*set\s+LLM_API_KEY or OPENAI_API_KEY/],
  ['K6_BIN is wrong', { K6_BIN: '/nowhere/k6' }, /✗ k6\n\s+K6_BIN: got "\/nowhere\/k6", which is no file/],
  [
    'a file is missing',
    { LLM_DATASET: 'nowhere.json' },
    /✗ settings[\s\S]*nowhere\.json,\s+but\s+there\s+is\s+no\s+such\s+file/,
  ],
])('when %s it says so and ends with 1', async (_, other: Record<string, string>, expected) => {
  const mock = await openMock({ apiKey: 'right' });
  const env = { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'm', ...other };
  const { code, stdout } = await runCli(['doctor'], { cwd, env });
  expect(stdout).toMatch(expected);
  expect(code).toBe(1);
});

test.each<[string, number, string, string, number]>([
  [
    'HTTP 400 is no tick, and its words are shown',
    400,
    '{"error":{"message":"Authentication Error, no DB connected","code":"400"}}',
    '! target .*GET models: HTTP 400: no reason not to start.*it says: Authentication Error, no DB connected',
    0,
  ],
  [
    'HTTP 403 shows its words',
    403,
    'wrong realm',
    '✗ target .*GET models: HTTP 403.*it says: wrong realm',
    1,
  ],
  [
    'a list without the model',
    200,
    '{"data":[{"id":"tiny-random"}]}',
    '! target .*asked gpt-4.1, the server lists only tiny-random: is LLM_MIX right',
    0,
  ],
  ['no list', 404, 'no', '✓ target .*it has no list of models', 0],
])('what GET models answers: %s', async (_name, status, body, says, expected) => {
  const url = await openPlainServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const env = { K6_BIN, LLM_BASE_URL: url, LLM_MIX: 'gpt-4.1' };
  const { code, stdout } = await runCli(['doctor'], { cwd, env });
  expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(says));
  expect(code).toBe(expected);
});

test('a target that redirects is no target, and the key does not go where it leads', async () => {
  const server = await openRedirectingServer(307);
  const env = { K6_BIN, LLM_BASE_URL: server.url, LLM_API_KEY: 'sk-s3cret-0123456789' };
  const { code, stdout } = await runCli(['doctor', 'smoke'], { cwd, env });
  expect(code).toBe(1);
  expect(stdout.replace(/\n\s+/g, ' ')).toContain(`redirects to ${server.otherUrl}/v1/models, and redirects`);
  expect(server.followed).toEqual([]);
});

describe('what would be asked', () => {
  test('is told with its whole path, without what is secret in it; --stream asks as run --stream does', async () => {
    const env = {
      K6_BIN,
      LLM_BASE_URL: 'http://user:s3cret-user@127.0.0.1:9/openai/v1?key=s3cret-key',
      LLM_MIX: 'm',
    };
    const { stdout } = await runCli(['doctor', '--stream'], { cwd, env });
    expect(stdout).toContain('POST http://127.0.0.1:9/openai/v1/chat/completions\n');
    expect(stdout).toContain('"stream": true');
    expect(stdout).toMatch(/LLM_TRANSPORT .*starts a\s+stream meter/);
    expect(stdout).not.toContain('s3cret');
    expect((await runCli(['doctor'], { cwd, env })).stdout).toContain('"stream": false');
  });

  test('warns of settings that are none, as a run does', async () => {
    const mock = await openMock();
    const env = { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1', LLM_MAX_TOKEN: '5' };
    const { code, stdout } = await runCli(['doctor'], { cwd, env });
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'LLM_MAX_TOKEN is no setting, so it changes nothing (did you mean LLM_MAX_TOKENS?)',
    );
    expect(code).toBe(0);
  });
});

describe('--ask', () => {
  test('tells who answers each model, under which name, and hides the key that a server repeats', async () => {
    const url = await openPlainServer((request, response) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          const { model } = body === '' ? { model: '' } : JSON.parse(body);
          if (model === 'b') {
            const message = `no access with ${request.headers.authorization}`;
            return response.writeHead(401).end(JSON.stringify({ error: { message } }));
          }
          response.writeHead(200, { 'content-type': 'application/json' }).end(
            JSON.stringify({
              model: 'tiny-random',
              choices: [{ message: { role: 'assistant', content: 'wren' }, finish_reason: 'stop' }],
              usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 },
            }),
          );
        });
    });
    const env = { K6_BIN, LLM_BASE_URL: url, LLM_MIX: 'a,b', LLM_API_KEY: 'sk-s3cret-0123456789' };
    const { code, stdout } = await runCli(['doctor', '--ask'], { cwd, env });
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(
      /✗ models asked \(2\) asked a, answered tiny-random; answered in \d+ ms, 1 tokens out b failed, auth: /,
    );
    expect(stdout).not.toContain('s3cret');
    expect(code).toBe(1);
  });

  test('without it no request is sent', async () => {
    const mock = await openMock();
    await runCli(['doctor'], { cwd, env: { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1' } });
    expect(mock.truth().requests.started).toBe(0);
  });
});

test.each<[string, number, string, string]>([
  [
    'names the gauges that it knows',
    200,
    'vllm:num_requests_running 3\nother 1\n',
    '✓ metrics page .*HTTP 200: ai_server_requests_running 3',
  ],
  ['says that it knows none', 200, 'other 1\n', '! metrics page .*holds no gauge that is known'],
  ['says that it wants a key', 401, '', '! metrics page .*HTTP 401: it wants a key; set LLM_METRICS_KEY'],
])('of the metrics page it %s', async (_name, status, body, says) => {
  const mock = await openMock();
  const url = await openPlainServer((_request, response) => void response.writeHead(status).end(body));
  const env = { K6_BIN, LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1', LLM_METRICS_URL: `${url}?key=s3cret` };
  const { code, stdout } = await runCli(['doctor'], { cwd, env });
  expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(says));
  expect(stdout).not.toContain('s3cret');
  expect(code).toBe(0);
});
