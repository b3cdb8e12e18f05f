import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { STREAM, chat, openMock } from '../../../../test/support/mock.ts';
import { eventsOf, parseAnswer, renderRequest } from '../../../../test/support/raw-http.ts';
import { refusedField } from '../../../lib/request/judge-preflight.ts';
import { parseFaultRule } from './draw-faults.ts';
import { FAULT_NAMES, FAULT_SPECS } from './faults.ts';

describe('faults in place of an answer, streamed or not', () => {
  test.each([
    ['rate_limit_seconds:7', 429, 'rate_limited', /rate_limit_exceeded/],
    ['rate_limit_date:7', 429, 'rate_limited', /rate_limit_exceeded/],
    ['rate_limit_absent', 429, 'rate_limited', /rate_limit_exceeded/],
    ['insufficient_quota', 429, 'quota', /insufficient_quota/],
    ['auth_401', 401, 'auth', /invalid_api_key/],
    ['server_500', 500, 'server', /"code":500/],
    ['unavailable_503', 503, 'server', /^$/],
    ['overloaded_529', 529, 'overloaded', /overloaded_error/],
    ['error_in_200', 200, 'server', /"code":500/],
    ['error_in_200:429', 200, 'rate_limited', /"code":429/],
    ['html', 502, 'server', /^<!DOCTYPE html>/],
    ['html_200', 200, 'invalid', /^<!DOCTYPE html>/],
  ])('%s', async (fault, status, kind, body) => {
    const mock = await openMock();
    for (const fields of [{}, STREAM]) {
      const answer = await chat(mock, { fault, fields });
      expect([answer.status, answer.whole]).toEqual([status, true]);
      expect(answer.body).toMatch(body);
    }
    const { errors, faults, totals, streams } = mock.truth();
    expect({ errors, faults }).toEqual({ errors: { [kind]: 2 }, faults: { [fault.split(':')[0] ?? '']: 2 } });
    expect(totals).toMatchObject({ failed: 2, succeeded: 0, outputTokens: 0 });
    expect(streams).toEqual({});
  });

  test('Retry-After is seconds, a date, or nothing', async () => {
    const mock = await openMock();
    const waits = ['seconds:7', 'date:7', 'absent'].map(
      async (form) => (await chat(mock, { fault: `rate_limit_${form}` })).headers['retry-after'],
    );
    const [seconds, date, absent] = await Promise.all(waits);
    expect([seconds, absent]).toEqual(['7', undefined]);
    expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });

  test('hang: nothing comes until the client leaves, which counts as its timeout', async () => {
    const mock = await openMock();
    const socket = connect(mock.port, '127.0.0.1');
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }] });
    const headers = { 'x-mock-fault': 'hang' };
    socket.write(renderRequest({ path: '/v1/chat/completions', body, headers }));
    await expect.poll(() => mock.truth().faults).toEqual({ hang: 1 });
    socket.destroy();
    await expect.poll(() => mock.truth().errors).toEqual({ timeout: 1 });
    expect(mock.truth().requests).toMatchObject({ started: 1, inFlight: 0 });
  });

  test('refusals answer only requests that hold the field', async () => {
    const mock = await openMock();
    const refused = (fault: string, fields: object) => chat(mock, { fault, fields });
    expect((await refused('refuse_temperature', {})).status).toBe(200);
    const openai = await refused('refuse_temperature', { temperature: 0 });
    expect([openai.status, JSON.parse(openai.body).error.param]).toEqual([400, 'temperature']);
    const pydantic = await refused('refuse_stream_options:422', STREAM);
    expect([pydantic.status, JSON.parse(pydantic.body).detail[0].loc]).toEqual([
      422,
      ['body', 'stream_options'],
    ]);
    const tokens = await refused('refuse_max_tokens', { max_tokens: 5 });
    const fields = [openai, pydantic, tokens].map(({ status, body }) => refusedField(status, body));
    expect(fields).toEqual(['temperature', 'stream_options', 'max_tokens']);
    expect(JSON.parse(tokens.body).error).toMatchObject({
      param: 'max_tokens',
      code: 'unsupported_parameter',
    });
    expect(mock.truth().errors).toEqual({ bad_request: 3 });
  });
});

describe('stream faults on the wire', () => {
  /** Content events, end marks, the connection's end. */
  test.each([
    ['reset', { content: 4, finish: 0, done: 0, whole: false, end: 'rst', kind: 'truncated' }],
    ['reset:0', { content: 0, finish: 0, done: 0, whole: false, end: 'rst', kind: 'network' }],
    ['reset:8', { content: 8, finish: 0, done: 0, whole: false, end: 'rst', kind: 'truncated' }],
    ['cut', { content: 4, finish: 0, done: 0, whole: true, end: 'fin', kind: 'truncated' }],
    ['cut:1', { content: 1, finish: 0, done: 0, whole: true, end: 'fin', kind: 'truncated' }],
    ['truncated_chunk', { content: 4, finish: 0, done: 0, whole: false, end: 'fin', kind: 'truncated' }],
    ['interrupted', { content: 4, finish: 0, done: 1, whole: false, end: 'fin', kind: 'truncated' }],
    ['error_event', { content: 4, finish: 0, done: 1, whole: true, end: 'fin', kind: 'stream_error' }],
    ['malformed_event', { content: 9, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['stall:5', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['multi_token:3', { content: 3, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['crlf', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['comments', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['role_only', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['held_back', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['no_done', { content: 8, finish: 1, done: 0, whole: true, end: 'fin', kind: null }],
    ['no_usage', { content: 8, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['reasoning_first:75', { content: 2, finish: 1, done: 1, whole: true, end: 'fin', kind: null }],
    ['empty', { content: 0, finish: 1, done: 1, whole: true, end: 'fin', kind: 'empty' }],
  ])('%s', async (fault, expected) => {
    const mock = await openMock();
    const { body, whole, end } = await chat(mock, { fault, fields: STREAM });
    const count = (pattern: RegExp): number => body.match(pattern)?.length ?? 0;
    const { errors, totals, requestRecords, faults } = mock.truth();
    const [record] = requestRecords ?? [];
    expect({
      content: count(/"delta":\{"content":"[^"]/g),
      finish: count(/"finish_reason":"stop"/g),
      done: count(/^data: \[DONE\]/gm),
      whole,
      end,
      kind: record?.errorKind,
    }).toEqual(expected);
    expect(errors).toEqual(expected.kind === null ? {} : { [expected.kind]: 1 });
    expect(totals).toMatchObject(expected.kind === null ? { succeeded: 1 } : { failed: 1 });
    expect(faults).toEqual({ [fault.split(':')[0] ?? '']: 1 });
    const told = body.includes('"usage"') ? 10 : 0;
    expect(totals.inputTokens).toBe(told);
  });

  test('crlf ends each line so, comments stand before and between, reasoning before the answer', async () => {
    const mock = await openMock();
    const crlf = await chat(mock, { fault: 'crlf,comments', fields: { ...STREAM, min_tokens: 20 } });
    expect(crlf.body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(crlf.body).toMatch(/^: ping\r\n\r\ndata: .*: ping\r\n\r\ndata: /s);
    const reasoning = await chat(mock, { fault: 'reasoning_first', fields: STREAM });
    const fields = [...reasoning.body.matchAll(/"delta":\{"(\w+)":"[^"]/g)].map((match) => match[1]);
    expect(fields).toEqual(['role', ...Array(4).fill('reasoning_content'), ...Array(4).fill('content')]);
    expect(reasoning.body).toContain('"reasoning_tokens":4');
    expect(mock.truth().totals.reasoningTokens).toBe(4);
  });

  test('a stall puts off what comes after the middle', async () => {
    const mock = await openMock();
    await chat(mock, { fault: 'stall:50', fields: STREAM });
    const [record] = mock.truth().requestRecords ?? [];
    const lastMs = record?.lastTokenAtMs ?? 0;
    expect(lastMs - (record?.arrivalMs ?? 0)).toBeGreaterThanOrEqual(5 + 7 + 50 - 0.001);
  });

  test('held back, everything is in one piece', async () => {
    const mock = await openMock();
    await chat(mock, { fault: 'held_back', fields: STREAM });
    const [record] = mock.truth().requestRecords ?? [];
    expect(record?.firstWriteAtMs).toBe(record?.lastTokenAtMs);
  });
});

describe('faults of a blocking answer', () => {
  test.each([
    ['reset', { whole: false, end: 'rst', json: false, kind: 'truncated' }],
    ['cut', { whole: true, end: 'fin', json: false, kind: 'invalid' }],
    ['truncated_chunk', { whole: false, end: 'fin', json: false, kind: 'truncated' }],
    ['error_event', { whole: true, end: 'fin', json: true, kind: 'server' }],
    ['interrupted', { whole: true, end: 'fin', json: true, kind: null }],
    ['crlf', { whole: true, end: 'fin', json: true, kind: null }],
    ['zero_usage', { whole: true, end: 'fin', json: true, kind: null }],
  ])('%s', async (fault, expected) => {
    const mock = await openMock();
    const { body, whole, end } = await chat(mock, { fault });
    const [record] = mock.truth().requestRecords ?? [];
    expect({ whole, end, json: isJson(body), kind: record?.errorKind }).toEqual(expected);
    const counted = FAULT_SPECS[FAULT_NAMES.find((name) => name === fault) ?? 'crlf'].blocking !== 'ignored';
    expect(mock.truth().faults).toEqual(counted ? { [fault]: 1 } : {});
  });
});

describe('silent_close', () => {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }] });
  const request = renderRequest({
    path: '/v1/chat/completions',
    body,
    headers: { connection: 'keep-alive', 'x-mock-fault': 'silent_close' },
  });

  test('answers, says nothing, and resets on the next request', async () => {
    const mock = await openMock();
    const socket = connect(mock.port, '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    const error = new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    socket.write(request);
    await expect.poll(() => parseAnswer(text).whole).toBe(true);
    expect(parseAnswer(text).headers).not.toHaveProperty('connection');
    socket.write(request);
    expect((await error).code).toBe('ECONNRESET');
    expect(mock.truth()).toMatchObject({ requests: { started: 1, answered: 1 }, droppedConnections: 1 });
  });

  test('with 1, closes at once', async () => {
    const mock = await openMock();
    const socket = connect(mock.port, '127.0.0.1');
    socket.resume();
    socket.write(request.replace('silent_close', 'silent_close:1'));
    await new Promise((resolve) => socket.once('end', resolve));
    expect(mock.truth()).toMatchObject({ requests: { answered: 1 }, droppedConnections: 0 });
  });
});

test('a fifth of the answers failing in many ways: each request is counted once, by the kind of its fault', async () => {
  const rules = [
    'rate_limit_seconds=0.04',
    'server_500=0.04',
    'reset=0.04',
    'cut=0.04',
    'empty=0.04',
    'no_usage=0.1',
  ];
  const mock = await openMock({ faults: rules.map(parseFaultRule), slots: Infinity });
  const answers = await Promise.all(Array.from({ length: 400 }, () => chat(mock, { fields: STREAM })));
  const { requests, errors, faults, totals, streams } = mock.truth();
  expect(requests).toMatchObject({ started: 400, aborted: 0, inFlight: 0 });
  expect(requests.answered + requests.broken).toBe(400);
  expect(totals.succeeded + totals.failed).toBe(400);
  const truncated = (faults.reset ?? 0) + (faults.cut ?? 0);
  expect(errors).toEqual({
    rate_limited: faults.rate_limit_seconds,
    server: faults.server_500,
    empty: faults.empty,
    truncated,
  });
  expect(answers.filter(({ end }) => end === 'rst')).toHaveLength(faults.reset ?? 0);
  expect(streams['finished']).toBe((streams['started'] ?? 0) - truncated);
  const told = answers
    .flatMap(({ body }) => eventsOf(body))
    .map((event) => Object(event)['usage']?.completion_tokens ?? 0)
    .reduce((sum: number, tokens: number) => sum + tokens, 0);
  expect(totals.outputTokens).toBe(told);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('docs/mock.md has a row for each fault, and for nothing else', async () => {
  const page = await readFile(new URL('../../../../docs/mock.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| fault |'), page.indexOf('## The truth'));
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])).toEqual(FAULT_NAMES);
});
