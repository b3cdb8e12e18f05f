import { isRecord } from '../../lib/parse/is-record.ts';
import type { InfluxTarget } from './influx-target.ts';

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
}

const TIMEOUT_MS = 10_000;

/** The version that the server names in `/ping`, `1.8.10`; null when it names none. Throws InfluxError. */
export async function pingInflux(target: InfluxTarget): Promise<string | null> {
  const response = await ask(target, '/ping');
  await response.arrayBuffer();
  if (!response.ok) throw new InfluxError(`/ping answered HTTP ${response.status}`);
  return response.headers.get('x-influxdb-version');
}

/** Runs one InfluxQL statement. Throws InfluxError, also for what the server reports inside HTTP 200. */
export async function queryInflux(target: InfluxTarget, statement: string): Promise<InfluxSeries[]> {
  const parameters = new URLSearchParams({ db: target.database, q: statement });
  const response = await ask(target, `/query?${parameters}`);
  const text = await response.text();
  const body = parseJson(text);
  const answered = isRecord(body) ? body : {};
  const results = Array.isArray(answered['results']) ? answered['results'].filter(isRecord) : [];
  const error = [answered, ...results].map((each) => each['error']).find((each) => typeof each === 'string');
  if (typeof error === 'string') throw new InfluxError(error);
  if (!response.ok || !isRecord(body)) throw new InfluxError(`/query answered HTTP ${response.status}`);
  return results
    .flatMap((result) => (Array.isArray(result['series']) ? result['series'].filter(isRecord) : []))
    .map(toSeries);
}

async function ask({ address, credentials }: InfluxTarget, path: string): Promise<Response> {
  const headers: Record<string, string> =
    credentials === null
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`,
        };
  try {
    return await fetch(`${address}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new InfluxError(reasonOf(error));
  }
}

/** fetch hides why it failed in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message === '' ? cause.name : cause.message;
  return error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
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
