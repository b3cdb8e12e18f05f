import { ConfigError } from '../../lib/parse/config-error.ts';
import { ownValue } from '../../lib/parse/own-value.ts';

/** One database of an InfluxDB 1.x server, or one bucket or database behind a newer server's 1.x interface. */
export type InfluxTarget = {
  /** `http://127.0.0.1:8086`, without path, user and query. */
  address: string;
  database: string;
  /** Of InfluxDB 2 and 3 the password is a token, and the name is not looked at. */
  credentials: { username: string; password: string } | null;
  /** What the URL's query asked of k6's output, as the `K6_INFLUXDB_*` variables that k6 reads. */
  outputEnv: Readonly<Record<string, string>>;
};

const SETTING = '--influxdb';
const EXAMPLE = '--influxdb http://127.0.0.1:8086/k6';

/** Query keys that k6 knows in an output's URL, as variables: so that no password stands in a command line. */
const OUTPUT_OPTIONS: Readonly<Record<string, string>> = {
  pushInterval: 'K6_INFLUXDB_PUSH_INTERVAL',
  concurrentWrites: 'K6_INFLUXDB_CONCURRENT_WRITES',
  retention: 'K6_INFLUXDB_RETENTION',
  consistency: 'K6_INFLUXDB_CONSISTENCY',
  insecure: 'K6_INFLUXDB_INSECURE',
  payload_size: 'K6_INFLUXDB_PAYLOAD_SIZE',
};

/** Sent beside a token that stands alone: k6 sends no password without a name. */
const TOKEN_USER = 'token';

/**
 * Reads `http://user:password@host:8086/database?retention=…`; the database is `k6` by default, as in k6. A token is a
 * password without a name, `http://:TOKEN@host:8086/bucket`.
 *
 * @param token used where the URL holds no password (`INFLUX_TOKEN`, as InfluxDB's own tools read it).
 * @throws ConfigError for anything k6's output could not write to, and for `precision` and `tagsAsFields`:
 * both lose points (decision 0062).
 */
export function parseInfluxUrl(text: string, token: string | null = null): InfluxTarget {
  const fail = (expected: string): ConfigError =>
    new ConfigError({ setting: SETTING, got: withoutPassword(text), expected, example: EXAMPLE });
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw fail('the http(s) address of an InfluxDB, with the database or bucket as its path');
  }
  const database = decodeURIComponent(url.pathname.replace(/^\/+|\/+$/g, ''));
  if (!/^[\w.-]*$/.test(database)) throw fail('a database name of letters, digits, _, - and . as the path');
  const outputEnv: Record<string, string> = {};
  for (const [key, value] of url.searchParams) {
    const variable = ownValue(OUTPUT_OPTIONS, key);
    if (variable === undefined) {
      throw fail(`no other options than ${Object.keys(OUTPUT_OPTIONS).join(', ')}, not ${key}`);
    }
    outputEnv[variable] = value;
  }
  return {
    address: `${url.protocol}//${url.host}`,
    database: database === '' ? 'k6' : database,
    credentials: credentialsOf(url, token),
    outputEnv,
  };
}

function credentialsOf(url: URL, token: string | null): InfluxTarget['credentials'] {
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  if (username === '' && password === '') {
    return token === null ? null : { username: TOKEN_USER, password: token };
  }
  return { username: username === '' ? TOKEN_USER : username, password };
}

/** For messages: address and database, nothing else. */
export function displayInflux({ address, database }: InfluxTarget): string {
  return `${address}/${database}`;
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//');
}
