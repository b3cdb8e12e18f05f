import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/parse/config-error.ts';
import {
  checkInfluxAfter,
  checkInfluxBefore,
  describeInfluxReport,
  EXIT_OUTPUT_LOST,
  exitCodeWithInflux,
  type InfluxReport,
} from './check-influx.ts';
import { influxOutput } from './influx-output.ts';
import { parseInfluxUrl } from './influx-target.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A stand-in for InfluxDB, to answer what a real one answers only when it is ill. */
async function fakeInflux(
  answers: Record<string, { status?: number; headers?: Record<string, string>; body?: unknown }>,
) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const answer = answers[(request.url ?? '').replace(/\?.*$/, '')] ?? { status: 404 };
    response
      .writeHead(answer.status ?? 200, answer.headers)
      .end(JSON.stringify(answer.body ?? { results: [{}] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/k6`, authorizations };
}

function counts(found: Record<string, number>): { body: unknown } {
  const series = Object.entries(found).map(([name, count]) => ({
    name,
    columns: ['time', 'count'],
    values: [['1970-01-01T00:00:00Z', count]],
  }));
  return { body: { results: [{ statement_id: 0, series }] } };
}

describe('the address of an InfluxDB', () => {
  test.each([
    ['http://127.0.0.1:8086', 'http://127.0.0.1:8086', 'k6'],
    ['http://127.0.0.1:8086/', 'http://127.0.0.1:8086', 'k6'],
    ['https://influx.example.com/load-tests', 'https://influx.example.com', 'load-tests'],
    [' http://user:p%40ss@[::1]:8086/db ', 'http://[::1]:8086', 'db'],
  ])('%s', (text, address, database) => {
    expect(parseInfluxUrl(text)).toMatchObject({ address, database });
  });

  test.each([
    '',
    '127.0.0.1:8086',
    'udp://127.0.0.1:8089/k6',
    'http://h/a/b',
    'http://h/k6?precision=s',
    'http://h/k6?tagsAsFields=vu',
  ])('refuses %j, and shows a line that works', (text) => {
    expect(() => parseInfluxUrl(text)).toThrow(ConfigError);
    expect(() => parseInfluxUrl(text)).toThrow(/--influxdb: got .* write --influxdb http/);
  });

  test('never repeats a password', () => {
    expect(() => parseInfluxUrl('http://me:hunter2@h/k6?precision=s')).toThrow(/^(?!.*hunter2)/);
  });
});

describe("k6's flags and environment", () => {
  test('carry address, database, password and options by the environment, testid by a tag', () => {
    const target = parseInfluxUrl('http://me:p%40ss@127.0.0.1:8086/db?pushInterval=2s&retention=week');
    expect(influxOutput(target, { testid: 'run-1' })).toEqual({
      args: ['--out', 'influxdb', '--tag', 'testid=run-1'],
      env: {
        K6_INFLUXDB_ADDR: 'http://127.0.0.1:8086',
        K6_INFLUXDB_DB: 'db',
        K6_INFLUXDB_USERNAME: 'me',
        K6_INFLUXDB_PASSWORD: 'p@ss',
        K6_INFLUXDB_PUSH_INTERVAL: '2s',
        K6_INFLUXDB_RETENTION: 'week',
        K6_INFLUXDB_PRECISION: 'ns',
        K6_INFLUXDB_TAGS_AS_FIELDS: 'vu:int,iter:int,url',
      },
    });
  });

  test.each(['', 'a b', "x'; DROP DATABASE k6", 'a=b'])('refuse testid %j', (testid) => {
    expect(() => influxOutput(parseInfluxUrl('http://h'), { testid })).toThrow(ConfigError);
  });
});

describe('before the run', () => {
  test('a server that answers is fine, and is asked with the credentials', async () => {
    const { url, authorizations } = await fakeInflux({
      '/ping': { headers: { 'x-influxdb-version': '1.8.10' } },
      '/query': {},
    });
    expect(await checkInfluxBefore(parseInfluxUrl(url.replace('//', '//me:secret@')))).toBeNull();
    expect(authorizations).toEqual(Array(2).fill(`Basic ${Buffer.from('me:secret').toString('base64')}`));
  });

  test('nobody listening', async () => {
    const complaint = await checkInfluxBefore(parseInfluxUrl('http://me:secret@127.0.0.1:1/k6'));
    expect(complaint).toMatch(/^InfluxDB at http:\/\/127\.0\.0\.1:1\/k6 cannot be used: .+Nothing was sent/);
  });

  test.each([
    [{ '/ping': { headers: { 'x-influxdb-version': 'v2.7.1' } } }, /version v2\.7\.1.*1\.x/],
    [{ '/ping': { status: 503 } }, /HTTP 503/],
    [
      { '/ping': {}, '/query': { status: 401, body: { error: 'authorization failed' } } },
      /authorization failed/,
    ],
    [{ '/ping': {}, '/query': { status: 500, body: 'oops' } }, /HTTP 500/],
  ])('%j', async (answers, expected) => {
    const { url } = await fakeInflux(answers);
    expect(await checkInfluxBefore(parseInfluxUrl(url))).toMatch(expected);
  });
});

describe('after the run', () => {
  const values = {
    ai_requests_finished: { count: 4000, rate: 10 },
    ai_latency_ms: { avg: 1, count: 3990 },
    error_rate: { rate: 0.0025, passes: 10, fails: 3990 },
    ai_cost_dollars: { count: 1.25, rate: 0.01 },
    ai_ttft_ms: { avg: 0, count: 0 },
    'ai_latency_ms{model:a}': { count: 7 },
  };
  const complete = { ai_requests_finished: 4000, ai_latency_ms: 3990, error_rate: 4000 };
  const cases: [string, Record<string, number>, Partial<InfluxReport>][] = [
    ['all there', complete, { state: 'complete', points: 11_990, overwritten: 0 }],
    ['one of 3,990 missing', { ...complete, ai_latency_ms: 3989 }, { state: 'lost' }],
    ['nothing there', {}, { state: 'lost', points: 0 }],
  ];

  test.each(cases)('%s', async (_, found, expected) => {
    const { url } = await fakeInflux({ '/query': counts(found) });
    expect(await checkInfluxAfter(parseInfluxUrl(url), { testid: 'x', values })).toMatchObject(expected);
  });

  test('points of the same nanosecond are told and forgiven', async () => {
    const { url } = await fakeInflux({ '/query': counts({ ai_requests_finished: 99_999 }) });
    const target = parseInfluxUrl(url);
    const report = await checkInfluxAfter(target, {
      testid: 'x',
      values: { ai_requests_finished: { count: 100_000 } },
    });
    expect(report).toEqual({ state: 'complete', points: 99_999, overwritten: 1 });
    expect(describeInfluxReport(report, target).join()).toContain('1 met another');
    expect(exitCodeWithInflux(0, report)).toBe(0);
  });

  test('names each metric that lost points, and how many', async () => {
    const { url } = await fakeInflux({ '/query': counts({ ...complete, ai_latency_ms: 3912 }) });
    const target = parseInfluxUrl(url);
    const report = await checkInfluxAfter(target, { testid: 'x', values });
    const text = describeInfluxReport(report, target).join('\n');
    expect(text).toContain('INFLUXDB LOST POINTS');
    expect(text).toContain('ai_latency_ms: 3912 of 3990, 78 missing');
    expect(text).not.toContain('error_rate');
  });

  test('a server that is gone is reported', async () => {
    const target = parseInfluxUrl('http://127.0.0.1:1/k6');
    const report = await checkInfluxAfter(target, { testid: 'x', values });
    expect(report.state).toBe('unreachable');
    expect(describeInfluxReport(report, target)[0]).toMatch(/INFLUXDB IS GONE/);
  });

  test.each([
    [0, EXIT_OUTPUT_LOST],
    [99, 99],
    [107, 107],
  ])("k6's exit code %i becomes %i when points were lost", (k6ExitCode, expected) => {
    expect(exitCodeWithInflux(k6ExitCode, { state: 'unreachable', reason: '' })).toBe(expected);
  });
});
