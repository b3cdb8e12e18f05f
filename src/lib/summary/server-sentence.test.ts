import { expect, test } from 'vitest';
import { reportedRows } from './reported-rows.ts';
import { serverSentence } from './server-sentence.ts';

const P95 = '{stat:run_p95}';
const MEAN = '{stat:run_mean}';

test.each([
  [{}, null],
  [{ [`ai_server_ttft_ms${P95}`]: { value: 0 } }, null],
  [
    { [`ai_server_ttft_ms${P95}`]: { value: 90 } },
    "the server's own metrics page says 90.0 ms to the first token (p95 of each, as fine as its buckets are)",
  ],
  [
    {
      [`ai_server_ttft_ms${P95}`]: { value: 240 },
      [`ai_server_ttft_ms${MEAN}`]: { value: 90 },
      [`ai_server_queue_ms${P95}`]: { value: 45 },
      [`ai_server_queue_ms${MEAN}`]: { value: 20 },
      ai_ttft_ms: { avg: 100, 'p(95)': 110 },
    },
    "of 100 ms to the first token on average as the client saw it, the server's own metrics page says 90.0 ms to the first token, 20.0 ms in the queue (p95 of each, as fine as its buckets are: 240 ms to the first token, 45.0 ms in the queue)",
  ],
  [
    {
      [`ai_server_ttft_ms${P95}`]: { value: 240 },
      [`ai_server_ttft_ms${MEAN}`]: { value: 90 },
      [`ai_server_queue_ms${P95}`]: { value: 0.95 },
      [`ai_server_queue_ms${MEAN}`]: { value: 0 },
    },
    "the server's own metrics page says 90.0 ms to the first token, 0.00 ms in the queue (p95 of each, as fine as its buckets are: 240 ms to the first token, 0.95 ms in the queue)",
  ],
  [{ [`ai_server_queue_ms${MEAN}`]: { value: 0 } }, null],
])('what the server’s page says of first tokens: %#', (metrics, sentence) => {
  expect(serverSentence({ metrics })).toBe(sentence);
});

test('times that servers report have a row where there were some, in the order in which they pass', () => {
  const metrics = {
    'ai_reported_ms{part:token}': { count: 3, med: 1, 'p(95)': 2, 'p(99)': 3 },
    'ai_reported_ms{part:queue}': { count: 4, med: 5 },
    'ai_reported_ms{part:prompt}': { count: 0, med: 9 },
  };
  expect(reportedRows({ metrics })).toEqual([
    { name: 'wait in its queue', count: 4, p50: 5, p95: null, p99: null },
    { name: 'per token', count: 3, p50: 1, p95: 2, p99: 3 },
  ]);
});
