// Bodies as a server writes them, for fixtures: npm run interop -- --capture.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MESSAGES = [{ role: 'user', content: 'Name three birds.' }];
const LIMIT = { max_tokens: 8 };
const STREAM = { stream: true, stream_options: { include_usage: true } };

const requestsTo = (server) => [
  { name: 'blocking', body: LIMIT },
  { name: 'streamed', body: { ...LIMIT, ...STREAM } },
  { name: 'streamed-without-usage', body: { ...LIMIT, stream: true } },
  { name: 'wrong-key', body: LIMIT, headers: { authorization: 'Bearer sk-wrong' } },
  { name: 'wrong-model', body: { ...LIMIT, model: 'no-such-model' } },
  { name: 'broken-json', raw: '{"model":' },
  { name: 'no-messages', body: { messages: undefined } },
  { name: 'too-long', body: { ...LIMIT, messages: [{ role: 'user', content: 'w1 '.repeat(5000) }] } },
  { name: 'models', path: '/models', method: 'GET' },
  ...(server.env.LLM_METRICS_URL === undefined && server.counts === null
    ? []
    : [{ name: 'metrics', url: server.env.LLM_METRICS_URL ?? `${server.origin}/metrics/`, method: 'GET' }]),
];

/** Sends each, and writes status, headers and body to test/fixtures/interop/NAME/. */
export async function captureBodies(server, { root, name, say }) {
  const folder = path.join(root, 'test/fixtures/interop', name);
  await mkdir(folder, { recursive: true });
  for (const request of requestsTo(server)) {
    const response = await fetch(request.url ?? `${server.url}${request.path ?? '/chat/completions'}`, {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...server.authorization, ...request.headers },
      ...(request.method === 'GET'
        ? {}
        : {
            body: request.raw ?? JSON.stringify({ model: server.model, messages: MESSAGES, ...request.body }),
          }),
    });
    const { status, headers } = response;
    const recording = { status, headers: plain(headers), body: await response.text() };
    await writeFile(path.join(folder, `${request.name}.json`), `${JSON.stringify(recording, null, 2)}\n`);
    say(`captured ${name}/${request.name}: HTTP ${status}`);
  }
}

/** Without what differs each time and tells nothing. */
function plain(headers) {
  return Object.fromEntries([...headers].filter(([key]) => !['date', 'set-cookie'].includes(key)));
}
