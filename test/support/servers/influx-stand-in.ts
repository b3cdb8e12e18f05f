import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/**
 * What servers say that cannot be had here: the 1.x write and query endpoints of InfluxDB 2 and 3, made from their
 * published API references, and of VictoriaMetrics, made from what its 1.136 answered.
 */
export type StandInOptions = {
  /** What `/ping` says. */
  version: string;
  /** The password that is let in (InfluxDB 2 and 3: the token); null: anybody. */
  token?: string | null;
  /** Buckets that exist; null: each is made when it is first written to. */
  buckets?: readonly string[] | null;
  /** `influxql`, `promql` (every InfluxQL query is answered alike), or `none`: the token may not read. */
  reads?: 'influxql' | 'promql' | 'none';
  /** Takes points of these measurements and loses them. */
  loses?: RegExp;
};

export type InfluxStandIn = {
  /** `http://127.0.0.1:PORT`. */
  address: string;
  /** Points that it holds, by measurement. */
  points: () => ReadonlyMap<string, number>;
};

type Point = { measurement: string; testid: string };

/** Starts one for the test that calls it, on a free loopback port. */
export async function openInfluxStandIn(options: StandInOptions): Promise<InfluxStandIn> {
  const held: Point[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { options, held });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { address: `http://127.0.0.1:${port}`, points: () => countsOf(held) };
}

type State = { options: StandInOptions; held: Point[] };

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const { version, token = null } = state.options;
  const body = await textOf(request);
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const say = (status: number, value: unknown = ''): void => {
    response.writeHead(status, { 'x-influxdb-version': version });
    response.end(value === '' ? '' : JSON.stringify(value));
  };
  if (url.pathname === '/ping') return say(204);
  if (token !== null && passwordOf(request) !== token) {
    return say(401, { code: 'unauthorized', message: 'unauthorized access' });
  }
  if (url.pathname === '/write') return write(url, body, { state, say });
  if (url.pathname === '/query') return query(url, { state, say });
  if (url.pathname === '/api/v1/query' && state.options.reads === 'promql') {
    return promql(url.searchParams.get('query') ?? '', { state, say });
  }
  return say(404, { code: 'not found', message: 'path not found' });
}

type Saying = { state: State; say: (status: number, value?: unknown) => void };

function write(url: URL, body: string, { state, say }: Saying): void {
  const { buckets = null, loses } = state.options;
  const bucket = url.searchParams.get('db') ?? '';
  if (buckets !== null && !buckets.includes(bucket)) {
    return say(404, { code: 'not found', message: `bucket "${bucket}" not found` });
  }
  const points = body.split('\n').flatMap((line) => {
    const [key = ''] = line.split(' ');
    const [measurement = '', ...tags] = key.split(',');
    const testid = tags.find((tag) => tag.startsWith('testid='))?.slice('testid='.length) ?? '';
    return measurement === '' || loses?.test(measurement) === true ? [] : [{ measurement, testid }];
  });
  state.held.push(...points);
  say(204);
}

/** VictoriaMetrics 1.136's, whatever it is asked. */
const EVERY_ANSWER = {
  results: [{ statement_id: 0, series: [{ name: 'databases', columns: ['name'], values: [['_internal']] }] }],
};

function query(url: URL, { state, say }: Saying): void {
  const { reads = 'influxql' } = state.options;
  const statement = url.searchParams.get('q') ?? '';
  if (reads === 'none') return say(403, { code: 'forbidden', message: 'insufficient permissions' });
  if (reads === 'promql') return say(200, EVERY_ANSWER);
  if (statement.startsWith('CREATE DATABASE')) {
    return say(200, { results: [{ statement_id: 0, error: 'not implemented: CREATE DATABASE' }] });
  }
  const testid = /"testid" = '([^']*)'/.exec(statement)?.[1] ?? '';
  const from = [...(/FROM (.*) WHERE/.exec(statement)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
    ([, name]) => name,
  );
  const counts = countsOf(state.held.filter((point) => point.testid === testid));
  const series = [...counts]
    .filter(([name]) => from.includes(name))
    .map(([name, count]) => ({
      name,
      columns: ['time', 'count'],
      values: [['1970-01-01T00:00:00Z', count]],
    }));
  say(200, { results: [series.length === 0 ? { statement_id: 0 } : { statement_id: 0, series }] });
}

function promql(text: string, { state, say }: Saying): void {
  const [, measurement = '', testid = ''] = /(\w+)_value\{testid="([^"]*)"\}\[\d+[sm]\]/.exec(text) ?? [];
  const count = state.held.filter(
    (point) => point.measurement === measurement && point.testid === testid,
  ).length;
  const value = text === 'vector(1)' ? 1 : count;
  const result = value === 0 ? [] : [{ metric: {}, value: [Date.now() / 1000, String(value)] }];
  say(200, { status: 'success', data: { resultType: 'vector', result } });
}

function countsOf(points: readonly Point[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { measurement } of points) counts.set(measurement, (counts.get(measurement) ?? 0) + 1);
  return counts;
}

function passwordOf(request: IncomingMessage): string | null {
  const [scheme, coded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Basic') return null;
  return Buffer.from(coded, 'base64').toString('utf8').split(':').slice(1).join(':');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
