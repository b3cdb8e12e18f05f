import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { TREND_STATS } from '../dashboards/promql.ts';
import { otelOutput, parseOtelUrl } from './prepare-otel.ts';
import { authorizationOf, parsePrometheusUrl, prometheusOutput } from './prometheus-target.ts';
import { addCounts } from './store.ts';

describe('the address of a Prometheus', () => {
  test.each([
    ['http://127.0.0.1:9090', 'http://127.0.0.1:9090/api/v1/write', 'http://127.0.0.1:9090/api/v1/query'],
    ['http://h/api/v1/write', 'http://h/api/v1/write', 'http://h/api/v1/query'],
    ['http://h/sub/api/v1/write', 'http://h/sub/api/v1/write', 'http://h/sub/api/v1/query'],
    ['https://mimir/api/v1/push', 'https://mimir/api/v1/push', 'https://mimir/prometheus/api/v1/query'],
    ['https://h/elsewhere', 'https://h/elsewhere', null],
  ])('%s', (text, writeUrl, queryUrl) => {
    expect(parsePrometheusUrl(text)).toMatchObject({ writeUrl, queryUrl });
  });

  test.each(['', 'h:9090', 'ftp://h', 'http://me:hunter2@'])('refuses %j, without a password', (text) => {
    expect(() => parsePrometheusUrl(text)).toThrow(ConfigError);
    expect(() => parsePrometheusUrl(text)).toThrow(/^(?!.*hunter2).*write --prometheus http/);
  });

  test("becomes k6's environment, the password and the board's statistics with it", () => {
    const { args, env } = prometheusOutput(parsePrometheusUrl('http://me:p%40ss@h:9090'));
    expect(args.join()).not.toContain('p@ss');
    expect(env).toMatchObject({
      K6_PROMETHEUS_RW_SERVER_URL: 'http://h:9090/api/v1/write',
      K6_PROMETHEUS_RW_USERNAME: 'me',
      K6_PROMETHEUS_RW_PASSWORD: 'p@ss',
      K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS,
    });
  });

  test.each([
    ['http://me:own@h', {}, `Basic ${btoa('me:own')}`],
    ['http://h', { K6_PROMETHEUS_RW_BEARER_TOKEN: 'abc' }, 'Bearer abc'],
    ['http://h', { K6_PROMETHEUS_RW_USERNAME: 'u', K6_PROMETHEUS_RW_PASSWORD: 'p' }, `Basic ${btoa('u:p')}`],
    ['http://h', {}, undefined],
  ])('%s with %j lets us in by %s', (text, env, authorization) => {
    expect(authorizationOf(parsePrometheusUrl(text), env)['authorization']).toBe(authorization);
  });
});

describe('the address of a collector', () => {
  test.each([
    ['http://127.0.0.1:4318', 'http', '127.0.0.1:4318', '/v1/metrics', false],
    ['http://h', 'http', 'h:4318', '/v1/metrics', false],
    ['https://h/otlp/v1/metrics', 'http', 'h:4318', '/otlp/v1/metrics', true],
    ['grpc://h', 'grpc', 'h:4317', '/v1/metrics', false],
    ['grpcs://h:443', 'grpc', 'h:443', '/v1/metrics', true],
  ])('%s', (text, protocol, authority, path, isSecure) => {
    expect(parseOtelUrl(text)).toEqual({ protocol, authority, path, isSecure });
  });

  test.each(['', 'h:4318', 'http://me:hunter2@h', 'ws://h'])('refuses %j, without a password', (text) => {
    expect(() => parseOtelUrl(text)).toThrow(/^(?!.*hunter2).*write --otel http/);
  });

  test('stands under the names of old and new k6', () => {
    expect(otelOutput(parseOtelUrl('http://h'), 'opentelemetry')).toEqual({
      args: ['--out', 'opentelemetry'],
      env: {
        K6_OTEL_EXPORTER_TYPE: 'http',
        K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
        K6_OTEL_HTTP_EXPORTER_ENDPOINT: 'h:4318',
        K6_OTEL_HTTP_EXPORTER_INSECURE: 'true',
        K6_OTEL_HTTP_EXPORTER_URL_PATH: '/v1/metrics',
      },
    });
    expect(otelOutput(parseOtelUrl('grpcs://h'), 'opentelemetry').env).toMatchObject({
      K6_OTEL_GRPC_EXPORTER_ENDPOINT: 'h:4317',
      K6_OTEL_GRPC_EXPORTER_INSECURE: 'false',
    });
  });
});

test('counts of several k6 add up, whatever a metric is called', () => {
  const parts = [
    { constructor: { count: 1, avg: 5 }, error_rate: { passes: 1, fails: 2 } },
    { constructor: { count: 2, avg: 9 }, error_rate: { passes: 0, fails: 4 } },
  ];
  expect(addCounts(parts)).toEqual({ constructor: { count: 3 }, error_rate: { passes: 1, fails: 6 } });
});
