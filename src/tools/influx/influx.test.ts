import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/parse/config-error.ts';
import {
  checkInfluxAfter,
  checkInfluxBefore,
  describeInfluxReport,
  describeInfluxServer,
  exitCodeWithInflux,
  type InfluxReport,
} from './check-influx.ts';
import { openRedirectingServer } from '../../../test/support/servers/redirecting-server.ts';
import { openInfluxStandIn } from '../../../test/support/servers/influx-stand-in.ts';
import { EXIT_OUTPUT_LOST } from '../stores/store.ts';
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
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? '').replace(/\?.*$/, '')] ?? { status: 404 };
    response
      .writeHead(answer.status ?? 200, answer.headers)
      .end(JSON.stringify(answer.body ?? { results: [{}] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/k6` };
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
    ['http://:tok%3D%3D@h:8086/my-bucket', 'http://h:8086', 'my-bucket'],
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

  test.each([
    ['http://:tok%3D%3D@h/b', null, { username: 'token', password: 'tok==' }],
    ['http://h/b', 'from-env', { username: 'token', password: 'from-env' }],
    ['http://me:own@h/b', 'from-env', { username: 'me', password: 'own' }],
    ['http://h/b', null, null],
  ])('whom %s and the token %j stand for', (text, token, credentials) => {
    expect(parseInfluxUrl(text, token).credentials).toEqual(credentials);
  });

  test('never repeats a password', () => {
    expect(() => parseInfluxUrl('http://me:hunter2@h/k6?precision=s')).toThrow(/^(?!.*hunter2)/);
  });
});

describe("k6's flags and environment", () => {
  test('carry address, database, password and options by the environment', () => {
    const target = parseInfluxUrl('http://me:p%40ss@127.0.0.1:8086/db?pushInterval=2s&retention=week');
    expect(influxOutput(target, { testid: 'run-1' })).toEqual({
      args: ['--out', 'influxdb'],
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
  test.each(['1.8.10', 'v2.7.1', '3.4.0'])('version %s: takes a point, shows it again', async (version) => {
    const { address } = await openInfluxStandIn({ version, token: 'secret', buckets: ['k6'] });
    const target = parseInfluxUrl(`${address.replace('//', '//:secret@')}/k6`);
    expect(await checkInfluxBefore(target, 'x')).toEqual({ version, dialect: { kind: 'influxql' } });
  });

  test('calls itself InfluxDB 1.8.0 and answers every query alike, as VictoriaMetrics does: PromQL', async () => {
    const { address } = await openInfluxStandIn({ version: '1.8.0', reads: 'promql' });
    const target = parseInfluxUrl(`${address}/k6`);
    expect(await checkInfluxBefore(target, 'x')).toEqual({ version: '1.8.0', dialect: { kind: 'promql' } });
  });

  test('a token that may write and not read: points go there uncounted, which is said', async () => {
    const { address } = await openInfluxStandIn({ version: 'v2.7.1', token: 'secret', reads: 'none' });
    const target = parseInfluxUrl(`${address}/k6`, 'secret');
    const server = await checkInfluxBefore(target, 'x');
    expect(server).toMatchObject({
      dialect: { kind: 'none', reason: expect.stringContaining('insufficient') },
    });
    if ('problem' in server) throw new Error(server.problem);
    expect(describeInfluxServer(server, target)).toMatch(/takes points, but .*insufficient permissions/);
    const report = await checkInfluxAfter(target, server.dialect, { testid: 'x', values: {}, sinceMs: 1 });
    expect(report.state).toBe('unchecked');
    expect(exitCodeWithInflux(0, report)).toBe(0);
    expect(describeInfluxReport(report, target).join()).toContain('not counted');
  });

  test('nobody listening', async () => {
    const target = parseInfluxUrl('http://me:secret@127.0.0.1:1/k6');
    const server = await checkInfluxBefore(target, 'x');
    expect(server).toEqual({
      problem: expect.stringMatching(
        /^InfluxDB at http:\/\/127\.0\.0\.1:1\/k6 cannot be used: .+Nothing was sent/,
      ),
    });
  });

  test.each<[string, string, string, RegExp]>([
    ['a wrong token', 'k6', 'wrong', /HTTP 401 \(unauthorized access\)/],
    ['a bucket that is not there', 'nowhere', 'secret', /HTTP 404 \(bucket "nowhere" not found\)/],
  ])('%s', async (_, bucket, token, expected) => {
    const { address } = await openInfluxStandIn({ version: 'v2.7.1', token: 'secret', buckets: ['k6'] });
    const server = await checkInfluxBefore(parseInfluxUrl(`${address}/${bucket}`, token), 'x');
    expect(server).toEqual({ problem: expect.stringMatching(expected) });
    expect(JSON.stringify(server)).not.toMatch(/secret|wrong/);
  });

  test('a ping that fails', async () => {
    const { url } = await fakeInflux({ '/ping': { status: 503 } });
    expect(await checkInfluxBefore(parseInfluxUrl(url), 'x')).toEqual({
      problem: expect.stringContaining('HTTP 503'),
    });
  });
});

describe('after the run', () => {
  const INFLUXQL = { kind: 'influxql' } as const;
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
    expect(
      await checkInfluxAfter(parseInfluxUrl(url), INFLUXQL, { testid: 'x', values, sinceMs: 1 }),
    ).toMatchObject(expected);
  });

  test('points of the same nanosecond are told and forgiven', async () => {
    const { url } = await fakeInflux({ '/query': counts({ ai_requests_finished: 99_999 }) });
    const target = parseInfluxUrl(url);
    const report = await checkInfluxAfter(target, INFLUXQL, {
      testid: 'x',
      sinceMs: 1,
      values: { ai_requests_finished: { count: 100_000 } },
    });
    expect(report).toEqual({ state: 'complete', points: 99_999, overwritten: 1 });
    expect(describeInfluxReport(report, target).join()).toContain('1 met another');
    expect(exitCodeWithInflux(0, report)).toBe(0);
  });

  test('names each metric that lost points, and how many', async () => {
    const { url } = await fakeInflux({ '/query': counts({ ...complete, ai_latency_ms: 3912 }) });
    const target = parseInfluxUrl(url);
    const report = await checkInfluxAfter(target, INFLUXQL, { testid: 'x', values, sinceMs: 1 });
    const text = describeInfluxReport(report, target).join('\n');
    expect(text).toContain('INFLUXDB LOST POINTS');
    expect(text).toContain('ai_latency_ms: 3912 of 3990, 78 missing');
    expect(text).not.toContain('error_rate');
  });

  test('a redirect is a failure that names where it leads, and the password stays here', async () => {
    const server = await openRedirectingServer(307);
    const target = parseInfluxUrl(server.url.replace('//', '//me:hunter2@').replace('/v1', '/k6'));
    const checked = await checkInfluxBefore(target, 'x');
    expect(JSON.stringify(checked)).toContain(`redirects to ${server.otherUrl}/`);
    expect(server.followed).toEqual([]);
  });

  test('a server that is gone is reported', async () => {
    const target = parseInfluxUrl('http://127.0.0.1:1/k6');
    const report = await checkInfluxAfter(target, INFLUXQL, { testid: 'x', values, sinceMs: 1 });
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
