import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';

function openFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-meter-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('k6-llm meter', () => {
  test.each([
    [['--target', 'garbage'], /--target: got "garbage"; expected a URL/],
    [['--host', '0.0.0.0'], /--host: got "0\.0\.0\.0"; expected a loopback address/],
    [['--events'], /--events: got no --record/],
    [['--record', 'no/such/folder/file'], /--record: .*ENOENT/],
    [['--budget', '-1'], /--budget/],
    [['http://127.0.0.1:1'], /write --target URL/],
  ])('%j: says what is wrong, in one line', async (args, message) => {
    const { code, stdout, stderr } = await runCli(['meter', '--port', '0', ...args], {
      cwd: openFolder(),
      env: { LLM_BASE_URL: 'http://127.0.0.1:1/v1' },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('tells of a port that is taken', async () => {
    const mock = await openMock();
    const args = ['meter', '--target', mock.url, '--port', String(mock.port)];
    const { code, stderr } = await runCli(args, { cwd: openFolder() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--port: cannot listen there .*EADDRINUSE/);
  });

  test('lets an answer in progress end when it is told to stop, and shows no key', async () => {
    const apiKey = 'sk-s3cret-0123456789';
    const mock = await openMock({ apiKey, timing: { ttft: '300', tpot: '1', tokens: '8' } });
    const meter = startCli(['meter', '--port', '0'], {
      cwd: openFolder(),
      env: { LLM_BASE_URL: mock.url, LLM_API_KEY: apiKey },
    });
    onTestFinished(() => void meter.child.kill('SIGKILL'));
    await expect.poll(meter.output, { timeout: 10_000 }).toMatch(/^http:.*\n/);
    const url = meter.output().trim();
    const asked = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    await expect.poll(() => mock.truth().requests.started).toBe(1);
    meter.child.kill('SIGTERM');
    const answer = await (await asked).text();
    expect(answer).toMatch(/^\{"v":1,"attempt":\{"status":200,"outcome":\{"kind":"ok"\}/);
    expect(await meter.ended).toMatchObject({ code: 0, stderr: '' });
    expect(meter.output() + answer).not.toContain(apiKey);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
