import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

async function ask(url: string, content: string): Promise<number> {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client-key-12345' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
  });
  await response.text();
  return response.status;
}

describe('k6-llm record', () => {
  test.each(['SIGINT', 'SIGKILL'] as const)('leaves a file of whole lines after %s', async (signal) => {
    const mock = await openMock();
    const folder = folderOfTest('record-cli');
    const recorder = startCli(['record', '--target', mock.url, '--port', '0'], { cwd: folder });
    onTestFinished(() => void recorder.child.kill('SIGKILL'));
    const url = await vi.waitUntil(() => /http:\S+/.exec(recorder.output())?.[0], { timeout: PATIENCE_MS });
    expect(await ask(url, 'One question.')).toBe(200);
    expect(await ask(url, 'Another question.')).toBe(200);
    for (const [route, body] of [
      ['embeddings', { model: 'e', input: 'a' }],
      ['responses', { model: 'm', input: 'And?', previous_response_id: 'resp_1' }],
    ] as const)
      await fetch(`${url}/${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    recorder.child.kill(signal);
    const { code, stderr } = await recorder.ended;
    const file = path.join(folder, 'sessions.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => (JSON.parse(line) as { session: string }).session)).toEqual(['s1', 's2']);
    expect((await stat(file)).mode & 0o077).toBe(0);
    if (signal === 'SIGKILL') return;
    expect(code).toBe(0);
    expect(stderr).toContain('2 requests in 2 sessions');
    expect(stderr).toContain('1 requests passed that are no conversations and are in none: 1 embeddings');
    expect(stderr).toContain('1 requests cannot be followed and are in none');
  });

  test.each<[string, string[], RegExp]>([
    ['a file that holds something', ['--out', 'full.jsonl'], /holds something already/],
    ['a redaction of nothing', ['--redact', 'x'], /without --content/],
    ['a redaction that is none', ['--content', '--redact', '('], /regular expression/],
    ['a folder that is not there', ['--out', 'no/such/file.jsonl'], /--out/],
  ])('%s is refused', async (_, args, message) => {
    const folder = folderOfTest('record-cli');
    await writeFile(path.join(folder, 'full.jsonl'), 'x');
    const { code, stderr } = await runCli(
      ['record', '--target', 'http://127.0.0.1:9/v1', '--port', '0', ...args],
      { cwd: folder },
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
