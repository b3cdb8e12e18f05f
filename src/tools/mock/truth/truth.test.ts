import { expect, test } from 'vitest';
import { inputs } from '../../../../test/support/exhaustively.ts';
import { STREAM, chat, openMock } from '../../../../test/support/mock.ts';
import { requestRaw } from '../../../../test/support/raw-http.ts';

test('a record holds the plan and what came of it: each write not before it was due', async () => {
  const mock = await openMock();
  await chat(mock, { text: '[mark:m1] x', fields: STREAM });
  await chat(mock, { text: '[mark:m2] x' });
  const [stream, blocking] = mock.truth().requestRecords ?? [];
  expect(stream).toMatchObject({
    id: 1,
    model: 'm',
    mark: 'm1',
    stream: true,
    plannedTtftMs: 5,
    plannedTpotMs: 1,
    plannedOutputTokens: 8,
    tokensWritten: 8,
    status: 200,
    end: 'whole',
    errorKind: null,
    messages: [{ role: 'user', chars: 11 }],
    usage: { inputTokens: 10, outputTokens: 8 },
  });
  const arrivalMs = stream?.arrivalMs ?? NaN;
  expect(stream?.startMs).toBe(arrivalMs);
  expect(stream?.requestHeadersAtMs).toBeGreaterThanOrEqual(arrivalMs);
  expect(stream?.firstWriteAtMs).toBeGreaterThanOrEqual(arrivalMs + 5 - 0.001);
  expect(stream?.lastTokenAtMs).toBeGreaterThanOrEqual(arrivalMs + 12 - 0.001);
  expect(blocking?.mark).toBe('m2');
  expect(blocking?.firstWriteAtMs).toBeGreaterThanOrEqual((blocking?.arrivalMs ?? NaN) + 12 - 0.001);
});

test('writes are counted: first tokens, later tokens, whole answers apart', async () => {
  const mock = await openMock();
  await Promise.all([chat(mock, { fields: STREAM }), chat(mock, { fields: STREAM }), chat(mock)]);
  const { firstWriteLateMs, tokenWriteLateMs, answerWriteLateMs } = mock.truth();
  expect([firstWriteLateMs.count, tokenWriteLateMs.count, answerWriteLateMs.count]).toEqual([2, 14, 1]);
  for (const { mean, p50, p99, max } of [firstWriteLateMs, tokenWriteLateMs]) {
    expect(Math.max(mean, p50, p99)).toBeLessThanOrEqual(max);
  }
});

test('arrivals are listed in order; a reset forgets, and what it cut through counts nowhere', async () => {
  const mock = await openMock({ timing: { ttft: '40', tpot: '0', tokens: '1' } });
  const first = await chat(mock);
  const running = chat(mock);
  await expect.poll(() => mock.truth().requests.started).toBe(2);
  const { arrivalsMs } = mock.truth();
  expect(arrivalsMs).toEqual(arrivalsMs.toSorted((a, b) => a - b));
  const reset = await requestRaw(mock.port, { method: 'POST', path: '/v1/__reset' });
  expect([first.status, reset.status]).toEqual([200, 200]);
  expect((await running).status).toBe(200);
  expect(mock.truth()).toMatchObject({
    requests: { started: 0, answered: 0, inFlight: 0 },
    arrivalsMs: [],
    models: {},
    requestRecords: [],
  });
});

test('over HTTP, records and bodies come when asked for, bodies only if they are kept', async () => {
  const mock = await openMock({ keepBodies: true });
  await chat(mock, { text: 'caf\u00e9' });
  const get = async (query: string) =>
    JSON.parse((await requestRaw(mock.port, { path: `/__truth${query}` })).body);
  expect(await get('')).not.toHaveProperty('bodies');
  const { requestRecords, bodies } = await get('?requests=1&bodies=1');
  expect(requestRecords).toHaveLength(1);
  expect(JSON.parse(bodies[0].body).messages).toEqual([{ role: 'user', content: 'caf\u00e9' }]);
  const forgetful = await openMock();
  await chat(forgetful);
  expect(forgetful.truth().bodies).toEqual([]);
});

test('hundreds of streams, side by side: none is lost, none gets the answer of another', async () => {
  const mock = await openMock({ slots: Infinity, timing: { ttft: '1500', tpot: '5', tokens: '20' } });
  const count = inputs(1000);
  const marks = Array.from({ length: count }, (_, index) => `s${index}`);
  const answers = await Promise.all(
    marks.map((mark) => chat(mock, { text: `[mark:${mark}] hello`, fields: STREAM })),
  );
  answers.forEach(({ body, whole }, index) => {
    expect(whole).toBe(true);
    expect(body).toContain(`"content":"[mark:${marks[index]}]"`);
    expect(body.match(/\[mark:/g)).toHaveLength(1);
  });
  const { requests, streams, maxConcurrent, totals } = mock.truth();
  expect(requests).toEqual({ started: count, answered: count, broken: 0, aborted: 0, inFlight: 0 });
  expect(streams).toEqual({ started: count, finished: count });
  // How many are open at a time, the machine decides.
  expect(maxConcurrent).toBeGreaterThan(count / 10);
  expect(totals).toMatchObject({ succeeded: count, outputTokens: 20 * count });
});
