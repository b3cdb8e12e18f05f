import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Agent, request } from 'undici';
import { runCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

/** Processes that this one started. */
function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return listed.trim().split(/\s+/).map(Number);
}

describe('k6-llm meter', () => {
  test.each([
    [['--target', 'garbage'], /--target: got "garbage"; expected a URL/],
    [['--host', '0.0.0.0'], /--host: got "0\.0\.0\.0"; expected a loopback address/],
    [['--events'], /--events: got no --record/],
    [['--record', 'no/such/folder/file'], /--record: .*ENOENT/],
    [['--budget', '-1'], /--budget/],
    [['--workers', '0'], /--workers: got "0"/],
    [['--workers', '2', '--target', 'garbage'], /--target: got "garbage"/],
    [['http://127.0.0.1:1'], /write --target URL/],
  ])('%j: says what is wrong, in one line', async (args, message) => {
    const { code, stdout, stderr } = await runCli(['meter', '--port', '0', ...args], {
      cwd: folderOfTest('meter'),
      env: { LLM_BASE_URL: 'http://127.0.0.1:1/v1' },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('tells of a port that is taken', async () => {
    const mock = await openMock();
    const args = ['meter', '--target', mock.url, '--port', String(mock.port)];
    const { code, stderr } = await runCli(args, { cwd: folderOfTest('meter') });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--port: cannot listen there .*EADDRINUSE/);
  });

  test('lets an answer in progress end when it is told to stop, and shows no key', async () => {
    const apiKey = 'sk-s3cret-0123456789';
    const mock = await openMock({ apiKey, timing: { ttft: '300', tpot: '1', tokens: '8' } });
    const meter = startCli(['meter', '--port', '0'], {
      cwd: folderOfTest('meter'),
      env: { LLM_BASE_URL: mock.url, LLM_API_KEY: apiKey },
    });
    onTestFinished(() => void meter.child.kill('SIGKILL'));
    await expect.poll(meter.output).toMatch(/^http:.*\n/);
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

  test('several on one port hold one budget and one page, and end together', async () => {
    const mock = await openMock({ timing: { ttft: '20', tpot: '1', tokens: '10' } });
    // $1 and $10 a million; a request may cost what its bytes and 10 tokens do.
    const prices = path.join(folderOfTest('meter'), 'prices.json');
    writeFileSync(prices, JSON.stringify({ models: { m: { input: 1, output: 10 } } }));
    const limitUsd = 0.01;
    const args = ['meter', '--port', '0', '--workers', '3', '--connections', '9', '--budget', `${limitUsd}`];
    const meter = startCli([...args, '--target', mock.url], {
      cwd: folderOfTest('meter'),
      env: { LLM_PRICES: prices },
    });
    onTestFinished(() => void meter.child.kill('SIGKILL'));
    await expect.poll(meter.output).toMatch(/^http:.*\n/);
    const url = meter.output().trim();
    const ask = async (): Promise<number> => {
      const { statusCode, body } = await request(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({
          model: 'm',
          stream: true,
          stream_options: { include_usage: true },
          max_tokens: 10,
          messages: [{ role: 'user', content: 'Hi' }],
        }),
        // A connection each, as each user of k6's has: they are dealt to the meters in turn.
        dispatcher: new Agent(),
      });
      await body.dump();
      return statusCode;
    };
    const statuses = await Promise.all(Array.from({ length: 90 }, ask));
    const succeeded = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status === 402)).toHaveLength(90 - succeeded);
    const page: unknown = await (await fetch(`${url}/__meter`)).json();
    const {
      requests,
      totals: { inputTokens, outputTokens },
    } = mock.truth();
    expect(requests.started).toBe(succeeded);
    const spentUsd = (inputTokens + 10 * outputTokens) / 1e6;
    expect(page).toMatchObject({
      workers: 3,
      requests: 90,
      succeeded,
      inFlight: 0,
      outputTokens,
      budget: { limitUsd, refused: 90 - succeeded, spentUsd: expect.closeTo(spentUsd, 9) },
    });
    expect(spentUsd).toBeLessThanOrEqual(limitUsd);
    meter.child.kill('SIGTERM');
    expect(await meter.ended).toMatchObject({ code: 0, stderr: '' });
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  test('several end when one of them is lost, and say so', async () => {
    const mock = await openMock();
    const args = ['meter', '--port', '0', '--workers', '2', '--target', mock.url];
    const meter = startCli(args, { cwd: folderOfTest('meter') });
    onTestFinished(() => void meter.child.kill('SIGKILL'));
    await expect.poll(meter.output).toMatch(/^http:.*\n/);
    const [member = 0] = childrenOf(meter.child.pid ?? 0);
    process.kill(member, 'SIGKILL');
    const { code, stderr } = await meter.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/one of 2 meters ended by itself/);
  });
});
