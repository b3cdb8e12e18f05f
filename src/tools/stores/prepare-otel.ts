import { connect } from 'node:net';
import { ConfigError } from '../../lib/parse/config-error.ts';
import type { K6 } from '../k6/find-k6.ts';
import { fetchDirect } from '../http1/fetch-direct.ts';
import { k6Outputs } from '../k6/k6-outputs.ts';
import { fetchReason } from './fetch-reason.ts';
import type { OutputFlags, Store, StoreContext } from './store.ts';

/** An OpenTelemetry collector. */
export type OtelTarget = {
  protocol: 'http' | 'grpc';
  isSecure: boolean;
  /** `127.0.0.1:4318`. */
  authority: string;
  /** Of metrics; OTLP over HTTP only. */
  path: string;
};

/** OTLP's own ports (opentelemetry.io, OTLP specification 1.x). */
const DEFAULT_PORT = { http: 4318, grpc: 4317 } as const;
const DEFAULT_PATH = '/v1/metrics';
const TIMEOUT_MS = 5000;

/** k6's names for its output, the newer first: k6 1.1 has only the second. */
const OUTPUT_NAMES = ['opentelemetry', 'experimental-opentelemetry'];

/**
 * Reads `http://host:4318` (OTLP over HTTP) or `grpc://host:4317`; `https` and `grpcs` are encrypted.
 *
 * @throws ConfigError for anything else.
 */
export function parseOtelUrl(text: string): OtelTarget {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const scheme = /^(http|grpc)(s?):$/.exec(url?.protocol ?? '');
  if (url === null || scheme === null || url.hostname === '' || url.username !== '') {
    throw new ConfigError({
      setting: '--otel',
      got: text.replace(/\/\/[^/?#]*@/, '//'),
      expected:
        'the address of an OpenTelemetry collector, http:// or grpc://, without a user (headers go by K6_OTEL_HEADERS)',
      example: '--otel http://127.0.0.1:4318',
    });
  }
  const protocol = scheme[1] === 'grpc' ? 'grpc' : 'http';
  return {
    protocol,
    isSecure: scheme[2] === 's',
    authority: `${url.hostname}:${url.port === '' ? DEFAULT_PORT[protocol] : url.port}`,
    path: /^\/?$/.test(url.pathname) ? DEFAULT_PATH : url.pathname,
  };
}

/** k6's flags and environment, under the names of every supported k6: what it does not know it does not read. */
export function otelOutput({ protocol, isSecure, authority, path }: OtelTarget, output: string): OutputFlags {
  const insecure = String(!isSecure);
  const own =
    protocol === 'grpc'
      ? { K6_OTEL_GRPC_EXPORTER_ENDPOINT: authority, K6_OTEL_GRPC_EXPORTER_INSECURE: insecure }
      : {
          K6_OTEL_HTTP_EXPORTER_ENDPOINT: authority,
          K6_OTEL_HTTP_EXPORTER_INSECURE: insecure,
          K6_OTEL_HTTP_EXPORTER_URL_PATH: path,
        };
  return {
    args: ['--out', output],
    env: {
      K6_OTEL_EXPORTER_TYPE: protocol,
      K6_OTEL_EXPORTER_PROTOCOL: protocol === 'grpc' ? 'grpc' : 'http/protobuf',
      ...own,
    },
  };
}

/**
 * Makes ready to send metrics to an OpenTelemetry collector.
 *
 * @returns null after saying why that cannot be.
 * @throws ConfigError for a URL that is none.
 */
export async function prepareOtel(
  url: string,
  { say, k6 }: StoreContext & { k6: K6 },
): Promise<Store | null> {
  const target = parseOtelUrl(url);
  const where = `${target.protocol}://${target.authority}`;
  const known = await k6Outputs(k6.path);
  const output = OUTPUT_NAMES.find((name) => known.includes(name));
  if (output === undefined) {
    say(
      `k6-llm run: --otel: the k6 at ${k6.path} (${k6.version.text}) has no OpenTelemetry output; it has ${known.join(', ')}`,
    );
    return null;
  }
  const problem = await problemWith(target);
  if (problem !== null) {
    say(`k6-llm run: the collector at ${where} cannot be used: ${problem}. Nothing was sent`);
    return null;
  }
  return {
    ...otelOutput(target, output),
    finish: async (k6ExitCode) => {
      say(
        `${where} was sent what k6 measured; a collector cannot be asked whether all arrived, so that was not checked.`,
      );
      return k6ExitCode;
    },
  };
}

/** null when somebody takes OTLP there: over HTTP an export of nothing, over gRPC a connection. */
async function problemWith({ protocol, isSecure, authority, path }: OtelTarget): Promise<string | null> {
  if (protocol === 'grpc') return connectionProblem(authority);
  try {
    const response = await fetchDirect(`http${isSecure ? 's' : ''}://${authority}${path}`, {
      setting: '--otel',
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(0),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    // Refused for want of a key is k6's to send (K6_OTEL_HEADERS).
    return response.ok || response.status === 401 || response.status === 403
      ? null
      : `it answered HTTP ${response.status} to ${path}`;
  } catch (error) {
    return fetchReason(error);
  }
}

function connectionProblem(authority: string): Promise<string | null> {
  const { hostname, port } = new URL(`tcp://${authority}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    const end = (reason: string | null): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(TIMEOUT_MS, () => end('no connection in time'));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(error.message));
  });
}
