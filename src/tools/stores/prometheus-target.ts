import { ConfigError } from '../../lib/parse/config-error.ts';
import { TREND_STATS } from '../dashboards/promql.ts';
import type { OutputFlags } from './store.ts';

/** A server that takes Prometheus remote writes. */
export type PrometheusTarget = {
  /** Where samples are written, `http://127.0.0.1:9090/api/v1/write`; no user and no password in it. */
  writeUrl: string;
  /** Where they can be asked for again; null where the path does not tell. */
  queryUrl: string | null;
  credentials: { username: string; password: string } | null;
};

const DEFAULT_PATH = '/api/v1/write';

/** How the paths of known servers lead from writing to asking: Prometheus and VictoriaMetrics, then Mimir. */
const QUERY_PATHS: readonly (readonly [RegExp, string])[] = [
  [/\/api\/v1\/write$/, '/api/v1/query'],
  [/\/api\/v1\/push$/, '/prometheus/api/v1/query'],
];

/**
 * Reads `http://user:password@host:9090`; the path is `/api/v1/write` where none is given.
 *
 * @throws ConfigError for anything else.
 */
export function parsePrometheusUrl(text: string): PrometheusTarget {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError({
      setting: '--prometheus',
      got: text.replace(/\/\/[^/?#]*@/, '//'),
      expected: 'the http(s) address of a server that takes Prometheus remote writes',
      example: '--prometheus http://127.0.0.1:9090',
    });
  }
  const path = url.pathname === '/' ? DEFAULT_PATH : url.pathname;
  const rule = QUERY_PATHS.find(([pattern]) => pattern.test(path));
  const origin = `${url.protocol}//${url.host}`;
  return {
    writeUrl: `${origin}${path}${url.search}`,
    queryUrl: rule === undefined ? null : `${origin}${path.replace(rule[0], rule[1])}`,
    credentials:
      url.username === ''
        ? null
        : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
  };
}

/** k6's flags and environment: the statistics that our board asks for, and no others. */
export function prometheusOutput({ writeUrl, credentials }: PrometheusTarget): OutputFlags {
  return {
    args: ['--out', 'experimental-prometheus-rw'],
    env: {
      K6_PROMETHEUS_RW_SERVER_URL: writeUrl,
      K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS,
      K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'false',
      ...(credentials === null
        ? {}
        : {
            K6_PROMETHEUS_RW_USERNAME: credentials.username,
            K6_PROMETHEUS_RW_PASSWORD: credentials.password,
          }),
    },
  };
}

/** What the launcher itself sends to be let in: as k6 is told, or as the shell tells k6. */
export function authorizationOf(
  { credentials }: PrometheusTarget,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const username = credentials?.username ?? env['K6_PROMETHEUS_RW_USERNAME'] ?? '';
  const password = credentials?.password ?? env['K6_PROMETHEUS_RW_PASSWORD'] ?? '';
  const token = env['K6_PROMETHEUS_RW_BEARER_TOKEN'] ?? '';
  if (username !== '') {
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
