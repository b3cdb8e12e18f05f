import { isRecord, parseJson } from '../../lib/parse/json.ts';
import type { InfluxTarget } from './influx-target.ts';
import { fetchReason } from '../stores/fetch-reason.ts';
import { fetchDirect } from '../http1/fetch-direct.ts';
import { plainText } from '../../lib/text/plain-text.ts';

/** One series of an answer: `values` in the order of `columns`. */
export type InfluxSeries = {
  name: string;
  tags: Readonly<Record<string, string>>;
  columns: readonly string[];
  values: readonly (readonly unknown[])[];
};

/** The server did not do what was asked, in its own words or the network's. No password is among them. */
export class InfluxError extends Error {
  override name = 'InfluxError';

  constructor(message: string) {
    super(plainText(message));
  }
}

const TIMEOUT_MS = 10_000;

/** The version that the server names in `/ping`, `1.8.10`; null when it names none. Throws InfluxError. */
export async function pingInflux(target: InfluxTarget): Promise<string | null> {
  const response = await ask(target, '/ping');
  await response.arrayBuffer();
  if (!response.ok) throw new InfluxError(`/ping answered HTTP ${response.status}`);
  return response.headers.get('x-influxdb-version');
}

/** Writes points in line protocol, time stamps in nanoseconds. Throws InfluxError with the server's own words. */
export async function writeInflux(target: InfluxTarget, lines: string): Promise<void> {
  const parameters = new URLSearchParams({ db: target.database, precision: 'ns' });
  const retention = target.outputEnv['K6_INFLUXDB_RETENTION'];
  if (retention !== undefined) parameters.set('rp', retention);
  const response = await ask(target, `/write?${parameters}`, { method: 'POST', body: lines });
  const text = await response.text();
  if (!response.ok) throw new InfluxError(`/write answered HTTP ${response.status}${wordsOf(text)}`);
}

/** The value of an instant PromQL query summed over its series; null where there is none, or no PromQL. */
export async function queryPromql(target: InfluxTarget, query: string): Promise<number | null> {
  // Else VictoriaMetrics leaves out what is younger than half a minute.
  const parameters = new URLSearchParams({ query, latency_offset: '1ms', nocache: '1' });
  const response = await ask(target, `/api/v1/query?${parameters}`);
  const body = parseJson(await response.text());
  const data = isRecord(body) && isRecord(body['data']) ? body['data'] : {};
  const series = Array.isArray(data['result']) ? data['result'].filter(isRecord) : [];
  if (!response.ok || series.length === 0) return null;
  return series.reduce((sum, { value }) => sum + Number(Array.isArray(value) ? value[1] : Number.NaN), 0);
}

/** Runs one InfluxQL statement. Throws InfluxError, also for what the server reports inside HTTP 200. */
export async function queryInflux(
  target: InfluxTarget,
  statement: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<InfluxSeries[]> {
  const parameters = new URLSearchParams({ db: target.database, q: statement });
  const response = await ask(target, `/query?${parameters}`, { method });
  const text = await response.text();
  const body = parseJson(text);
  const answered = isRecord(body) ? body : {};
  const results = Array.isArray(answered['results']) ? answered['results'].filter(isRecord) : [];
  const error = [answered, ...results].map((each) => each['error']).find((each) => typeof each === 'string');
  if (typeof error === 'string') throw new InfluxError(error);
  if (!response.ok || !isRecord(body))
    throw new InfluxError(`/query answered HTTP ${response.status}${wordsOf(text)}`);
  return results
    .flatMap((result) => (Array.isArray(result['series']) ? result['series'].filter(isRecord) : []))
    .map(toSeries);
}

/** ` (database not found)`: what an error's body says, of whichever version; empty when it says nothing. */
function wordsOf(text: string): string {
  const body = parseJson(text);
  const words = isRecord(body) ? (body['error'] ?? body['message']) : text;
  return typeof words === 'string' && words.trim() !== '' ? ` (${words.trim().slice(0, 200)})` : '';
}

async function ask(
  { address, credentials }: InfluxTarget,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers: Record<string, string> =
    credentials === null
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`,
        };
  try {
    return await fetchDirect(`${address}${path}`, {
      ...init,
      setting: '--influxdb',
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new InfluxError(fetchReason(error));
  }
}

function toSeries(series: Record<string, unknown>): InfluxSeries {
  const { name, tags, columns, values } = series;
  return {
    name: String(name),
    tags: isRecord(tags)
      ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]))
      : {},
    columns: Array.isArray(columns) ? columns.map(String) : [],
    values: Array.isArray(values) ? values.filter((row): row is unknown[] => Array.isArray(row)) : [],
  };
}
