import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { QUICK, STREAM, chat, openMock } from '../../../../test/support/mock.ts';
import {
  eventsOf,
  exchangeRaw,
  parseAnswer,
  renderRequest,
  requestRaw,
} from '../../../../test/support/raw-http.ts';
import { randomFor } from '../../../lib/numbers/random.ts';
import { startMock } from './start-mock.ts';

describe('other paths than chat', () => {
  test('models, health and truth are served, with and without /v1 for the truth', async () => {
    const mock = await openMock({ models: [{ name: 'own/model:1', ttft: '1' }] });
    const get = async (path: string) => JSON.parse((await requestRaw(mock.port, { path })).body);
    const models: { data: { id: string }[] } = await get('/v1/models');
    expect(models.data.map(({ id }) => id)).toEqual([
      'gpt-4.1',
      'claude-sonnet-4.5',
      'deepseek-v3.2',
      'gemini-2.5-flash',
      'own/model:1',
    ]);
    expect(await get('/health')).toEqual({ status: 'ok' });
    expect(await get('/__truth')).toMatchObject({ seed: 42, requests: { started: 0 } });
    const head = await requestRaw(mock.port, { method: 'HEAD', path: '/health' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect(await get('/v1/__truth')).not.toHaveProperty('requestRecords');
  });

  test.each([
    ['GET', '/v1/v1/chat/completions', 404],
    ['GET', '/', 404],
    ['GET', '/constructor', 404],
    ['GET', '/v1/chat/completions', 405],
    ['POST', '/v1/models', 405],
  ])('%s %s gets a JSON error, %i', async (method, path, status) => {
    const mock = await openMock();
    const answer = await requestRaw(mock.port, { method, path });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toHaveProperty('error.message');
  });
});

describe('what is wrong with a request is said in JSON', () => {
  test.each([
    ['broken JSON', '{"model":', 400],
    ['no messages', '{"model":"m"}', 400],
    ['a fault that does not exist', '{"model":"m","messages":[{"role":"user","content":"x"}]}', 400],
  ])('%s', async (name, body, status) => {
    const mock = await openMock();
    const headers = name.startsWith('a fault') ? { 'x-mock-fault': 'nope' } : undefined;
    const answer = await requestRaw(mock.port, {
      path: '/v1/chat/completions',
      body,
      ...(headers && { headers }),
    });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toHaveProperty('error.message');
    expect(mock.truth()).toMatchObject({ errors: { bad_request: 1 }, statuses: { 400: 1 } });
  });

  test('an unknown model, when names are strict', async () => {
    const mock = await openMock({ strictModels: true });
    const answer = await chat(mock);
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([404, 'model_not_found']);
    expect((await chat(mock, { fields: { model: 'gpt-4.1', max_tokens: 1 } })).status).toBe(200);
  });

  test('a missing or wrong key, if one is asked for, in either header', async () => {
    const mock = await openMock({ apiKey: 'k1' });
    const statusWith = async (headers: Record<string, string>) => (await chat(mock, { headers })).status;
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ authorization: 'Bearer k2' })).toBe(401);
    expect(await statusWith({ authorization: 'Bearer k1' })).toBe(200);
    expect(await statusWith({ 'x-api-key': 'k1' })).toBe(200);
    expect((await requestRaw(mock.port, { path: '/v1/models' })).status).toBe(401);
    expect(mock.truth().errors).toEqual({ auth: 2 });
  });
});

describe('capacity', () => {
  test('beyond slots and queue it answers 503, and those in the queue get theirs', async () => {
    const mock = await openMock({ slots: 2, queue: 3, models: [{ name: 'slow', ttft: '60000' }] });
    const body = JSON.stringify({ model: 'slow', messages: [{ role: 'user', content: 'x' }] });
    const sockets = [0, 1].map(() => connect(mock.port, '127.0.0.1'));
    for (const socket of sockets) socket.write(renderRequest({ path: '/v1/chat/completions', body }));
    await expect.poll(() => mock.truth().maxConcurrent).toBe(2);
    const queued = [1, 2, 3].map(() => chat(mock));
    await expect.poll(() => mock.truth().maxQueued).toBe(3);
    const refused = await Promise.all([1, 2, 3].map(() => chat(mock)));
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const socket of sockets) socket.destroy();
    const answers = await Promise.all(queued);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const truth = mock.truth();
    expect(truth).toMatchObject({ maxConcurrent: 2, maxQueued: 3, errors: { overloaded: 3 } });
    const waited = (truth.requestRecords ?? []).filter(({ status }) => status === 200);
    expect(waited.filter(({ startMs, arrivalMs }) => (startMs ?? 0) > arrivalMs)).toHaveLength(3);
  });

  test('a client that leaves frees its place', async () => {
    const mock = await openMock({ slots: 1, queue: 1, timing: { ...QUICK, ttft: '60000' } });
    const sockets = [0, 1].map(() => connect(mock.port, '127.0.0.1'));
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }] });
    for (const socket of sockets) socket.write(renderRequest({ path: '/v1/chat/completions', body }));
    await expect.poll(() => mock.truth().requests.started).toBe(2);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => mock.truth().requests).toMatchObject({ aborted: 2, inFlight: 0 });
    expect(mock.truth().models['m']).toMatchObject({ requests: 2, aborted: 2, succeeded: 0, failed: 0 });
  });

  test('running answers slow each other down by the ratio given', async () => {
    const mock = await openMock({ batchSlowdownRatio: 0.5, timing: { ttft: '50', tpot: '2', tokens: '2' } });
    await Promise.all([chat(mock), chat(mock), chat(mock)]);
    const planned = (mock.truth().requestRecords ?? []).map(({ plannedTpotMs }) => plannedTpotMs);
    expect(planned).toEqual([2, 3, 4]);
  });

  test('running answers share the tokens a second that there are', async () => {
    const mock = await openMock({ decodeTokensPerSec: 500, timing: { ttft: '50', tpot: '3', tokens: '2' } });
    await Promise.all([chat(mock), chat(mock), chat(mock)]);
    const planned = (mock.truth().requestRecords ?? []).map(({ plannedTpotMs }) => plannedTpotMs);
    expect(planned).toEqual([3, 4, 6]);
  });
});

test('a rate limit refuses with a wait, and tells what is left', async () => {
  const mock = await openMock({ rateLimit: { requestsPerMinute: 1, burstRequests: 2 } });
  const answers = [await chat(mock), await chat(mock), await chat(mock)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[0]?.headers['x-ratelimit-remaining-requests']).toBe('1');
  expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
});

test('a repeated prompt counts as cached, if that is wanted', async () => {
  const mock = await openMock({ promptCache: true });
  const text = 'A long prompt that two requests share. '.repeat(10);
  const cached = async (fields = {}) => JSON.parse((await chat(mock, { text, fields })).body).usage;
  expect((await cached()).prompt_tokens_details.cached_tokens).toBe(0);
  expect((await cached()).prompt_tokens_details.cached_tokens).toBeGreaterThanOrEqual(80);
  expect(mock.truth().totals.cachedInputTokens).toBeGreaterThanOrEqual(80);
});

test('the prompt takes its time to read, but for what is cached', async () => {
  const mock = await openMock({
    promptCache: true,
    prefillTokensPerSec: 10_000,
    timing: { ...QUICK, ttft: '5' },
  });
  const text = 'A long prompt that two requests share. '.repeat(10);
  const usages: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } }[] = [];
  for (let at = 0; at < 2; at += 1) usages.push(JSON.parse((await chat(mock, { text })).body).usage);
  const planned = (mock.truth().requestRecords ?? []).map(({ plannedTtftMs }) => plannedTtftMs);
  const uncached = usages.map(
    ({ prompt_tokens, prompt_tokens_details }) => prompt_tokens - prompt_tokens_details.cached_tokens,
  );
  expect(uncached[1] ?? Infinity).toBeLessThan((uncached[0] ?? 0) / 2);
  expect(planned.map((ms) => Math.round(((ms ?? 0) - 5) * 10))).toEqual(uncached);
});

function marked(mark: string, fields = {}): string {
  return JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `[mark:${mark}]` }], ...fields });
}

describe('whatever comes over a connection', () => {
  test('several requests on it are answered in their order', async () => {
    const mock = await openMock();
    const path = '/v1/chat/completions';
    const keep = { connection: 'keep-alive' };
    const bytes =
      renderRequest({ path, body: marked('one', STREAM), headers: keep }) +
      renderRequest({ path, body: marked('two'), headers: keep }) +
      renderRequest({ path, body: marked('three') });
    const { text } = await exchangeRaw(mock.port, bytes);
    expect([...text.matchAll(/\[mark:(\w+)\]/g)].map((match) => match[1])).toEqual(['one', 'two', 'three']);
    const [one, two, three] = mock.truth().requestRecords ?? [];
    expect(two?.arrivalMs).toBeGreaterThanOrEqual(one?.endMs ?? NaN);
    expect(three?.arrivalMs).toBeGreaterThanOrEqual(two?.endMs ?? NaN);
  });

  test('an HTTP/1.0 client gets its stream without chunks', async () => {
    const mock = await openMock();
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...STREAM });
    const request = renderRequest({ path: '/v1/chat/completions', body }).replace('HTTP/1.1', 'HTTP/1.0');
    const { text } = await exchangeRaw(mock.port, request);
    expect(parseAnswer(text).headers).not.toHaveProperty('transfer-encoding');
    expect(eventsOf(text).at(-1)).toBe('[DONE]');
  });

  test('random bytes do not bring it down', async () => {
    const mock = await openMock();
    const random = randomFor(9, 'bytes');
    const request = renderRequest({ path: '/v1/chat/completions', body: '{"model":"m","messages":[]}' });
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(`${request}${'\r\n'.repeat(4)}`);
      for (let change = 0; change < 8; change += 1) {
        bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
      }
      const socket = connect(mock.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    expect((await chat(mock)).status).toBe(200);
  });

  test('only loopback is listened on, and a port in use is an error', async () => {
    await expect(startMock({ host: '0.0.0.0' })).rejects.toThrow(
      /^--host: got "0.0.0.0"; expected a loopback/,
    );
    const mock = await openMock();
    await expect(startMock({ port: mock.port })).rejects.toThrow(/EADDRINUSE/);
  });
});
