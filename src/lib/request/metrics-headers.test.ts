import { describe, expect, test } from 'vitest';
import { metricsDoubt, metricsHeaders } from './metrics-headers.ts';

describe('the key of the metrics page', () => {
  const known = { targetUrl: 'http://h:8000/v1/chat/completions', apiKey: 'k', metricsKey: '' };
  test.each<[string, string, string, Record<string, string>]>([
    ['its own', 'http://other/metrics', 'm', { authorization: 'Bearer m' }],
    ["the target's, on its host", 'http://H:8000/metrics', '', { authorization: 'Bearer k' }],
    ['none on another port', 'http://h:9000/metrics', '', {}],
    ['none without TLS that the target has', 'https://h:8000/metrics', '', {}],
    ['none for a look-alike', 'http://h:8000@evil/metrics', '', {}],
  ])('%s', (_name, url, metricsKey, expected) => {
    expect(metricsHeaders(url, { ...known, metricsKey })).toEqual(expected);
  });
});

describe('what a metrics page lacks', () => {
  test.each<[number, string, RegExp | null]>([
    [200, 'vllm:num_requests_running 3\n', null],
    [200, 'up 1\n', /no gauge that is known/],
    [401, '', /HTTP 401.*LLM_METRICS_KEY/],
    [404, '', /HTTP 404/],
    [0, '', /nothing answers/],
  ])('%i %s', (status, body, expected) => {
    const doubt = metricsDoubt(status, body);
    if (expected === null) expect(doubt).toBeNull();
    else expect(doubt).toMatch(expected);
  });
});
