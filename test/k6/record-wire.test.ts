import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readTarget } from '../../src/tools/meter/upstream/upstream-target.ts';
import { startRecording } from '../../src/tools/record/start-recording.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

async function record(url: string) {
  const file = path.join(folderOfTest('record'), 'sessions.jsonl');
  const recording = await startRecording({
    target: readTarget(url, { setting: '--target' }),
    headers: {},
    host: '127.0.0.1',
    port: 0,
    timeoutMs: 10_000,
    file,
    keepsContent: true,
    redact: [],
  });
  onTestFinished(() => recording.close());
  const lines = async () =>
    (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { answer: object; parent: string | null; session: string });
  return { recording, lines };
}

const PACKED = { gzip: gzipSync, br: brotliCompressSync };

describe('a recording takes what is on the wire', () => {
  test.each([
    ['gzip', false],
    ['gzip', true],
    ['br', false],
    ['br', true],
  ] as const)('answers that the server packs as %s all the same, streamed: %s', async (coding, streamed) => {
    const mock = await openMock();
    // What it says, packed, whatever is accepted.
    const packing = await openPlainServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { host: _host, ...headers } = request.headers;
        const inner = httpRequest(
          mock.url.replace(/\/v1$/, request.url ?? ''),
          { method: 'POST', headers: headers as Record<string, string> },
          (answer) => {
            const told: Buffer[] = [];
            answer.on('data', (part: Buffer) => told.push(part));
            answer.on('end', () => {
              response.writeHead(answer.statusCode ?? 0, {
                'content-type': answer.headers['content-type'] ?? '',
                'content-encoding': coding,
              });
              response.end(PACKED[coding](Buffer.concat(told)));
            });
          },
        );
        inner.end(Buffer.concat(parts));
      });
    });
    const { recording, lines } = await record(packing);
    const client = new OpenAI({ apiKey: 'k', baseURL: recording.url, maxRetries: 0 });
    const body = { model: 'm', input: 'Name a bird.' };
    const ask = async (more: object) =>
      streamed
        ? client.responses.stream({ ...body, ...more }).finalResponse()
        : client.responses.create({ ...body, ...more });
    const first = await ask({});
    expect(first.usage?.output_tokens).toBe(8);
    await ask({ previous_response_id: first.id });
    const role = 'user';
    const named = { type: 'item_reference', id: first.output[0]?.id };
    await ask({ input: [{ role, content: body.input }, named, { role, content: 'And?' }] });
    const recorded = await lines();
    expect(recorded[0]).toMatchObject({
      answer: { content: first.output_text },
      usage: { output_tokens: 8 },
    });
    expect(recorded.map(({ session, parent }) => [session, parent])).toEqual([
      ['s1', null],
      ['s1', '1'],
      ['s1', '1'],
    ]);
    expect(JSON.stringify(recorded)).not.toContain('item_reference');
  });

  test('a request in chunks, whose length nobody says', async () => {
    const mock = await openMock();
    const { recording, lines } = await record(mock.url);
    const url = new URL(`${recording.url}/chat/completions`);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST' }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode));
      });
      request.on('error', reject);
      request.write('{"model":"m","messages":[{"role":"user",');
      request.write('"content":"Name a bird."}]}');
      request.end();
    });
    expect(status).toBe(200);
    expect(await lines()).toMatchObject([{ messages: [{ content: 'Name a bird.' }] }]);
  });

  test('a client that tries again is in it once, and waits as long as the server says', async () => {
    let tries = 0;
    const failing = await openPlainServer((_, response) => {
      tries += 1;
      if (tries < 3) {
        response.writeHead(tries === 1 ? 429 : 503, { 'retry-after-ms': '1' });
        response.end('{"error":{"message":"later"}}');
        return;
      }
      const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Wren.' } };
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', choices: [choice] }));
    });
    const { recording, lines } = await record(failing);
    const client = new OpenAI({ apiKey: 'k', baseURL: recording.url, maxRetries: 2 });
    await client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Name a bird.' }],
    });
    expect(await lines()).toMatchObject([{ session: 's1' }]);
    expect(recording.figures()).toMatchObject({ sessions: 1, turns: 1, failed: 2, left: 0 });
  });
});
