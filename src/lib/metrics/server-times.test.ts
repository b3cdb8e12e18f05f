import { describe, expect, test } from 'vitest';
import { recorded } from '../../../test/support/recorded.ts';
import { meanMs, quantileMs, readServerTimes, timesBetween } from './server-times.ts';

function page(
  counts: readonly number[],
  { name = 'vllm:request_queue_time_seconds', labels = '' } = {},
): string {
  const edges = ['0.1', '0.2', '0.4', '+Inf'];
  const comma = labels === '' ? '' : `${labels},`;
  return [
    `# TYPE ${name} histogram`,
    ...counts.map((n, index) => `${name}_bucket{${comma}le="${edges[index]}"} ${n}.0`),
    `${name}_count{${labels}} ${counts.at(-1)}.0`,
    `${name}_sum{${labels}} ${(counts.at(-1) ?? 0) * 0.15}`,
  ].join('\n');
}

const queueOf = (...pages: string[]) => {
  const found = readServerTimes(...pages).get('ai_server_queue_ms');
  if (found === undefined) throw new Error('no queue time');
  return found;
};

describe('a histogram on a page', () => {
  test('gives mean and quantiles, as far as its buckets tell', () => {
    const queue = queueOf(page([10, 90, 100, 100]));
    expect(queue.count).toBe(100);
    expect(meanMs(queue)).toBeCloseTo(150);
    expect(quantileMs(queue, 0.5)).toBeCloseTo(150);
    expect(quantileMs(queue, 0.9)).toBeCloseTo(200);
    expect(quantileMs(queue, 0.95)).toBeCloseTo(300);
    expect(quantileMs(queue, 0.05)).toBeCloseTo(50);
  });

  test('above its last edge tells no more than that edge', () => {
    expect(quantileMs(queueOf(page([0, 0, 1, 100])), 0.95)).toBe(400);
  });

  test('without requests tells nothing', () => {
    const queue = queueOf(page([0, 0, 0, 0]));
    expect([meanMs(queue), quantileMs(queue, 0.95)]).toEqual([null, null]);
  });

  test('of several replicas and models is one, of several ranks counts once', () => {
    const two = queueOf(
      page([10, 10, 10, 10], { labels: 'model_name="a}"' }),
      page([0, 0, 30, 30], { labels: 'model_name="b"' }),
    );
    expect(two.count).toBe(40);
    expect(quantileMs(two, 0.25)).toBe(100);
    const ranks = [0, 1].map((rank) =>
      page([10, 10, 10, 10], { name: 'sglang:queue_time_seconds', labels: `tp_rank="${rank}"` }),
    );
    expect(queueOf(ranks.join('\n')).count).toBe(10);
  });

  test('between two looks is what came between them; a new start counts from nothing', () => {
    const [before, after] = [queueOf(page([50, 50, 50, 50])), queueOf(page([50, 50, 150, 150]))];
    const between = timesBetween(before, after);
    expect(between.count).toBe(100);
    expect(quantileMs(between, 0.5)).toBe(300);
    expect(timesBetween(null, after)).toBe(after);
    expect(timesBetween(after, before)).toBe(before);
  });
});

test.each([
  ['TGI', 'tgi_request_queue_duration'],
  ['TensorRT-LLM', 'trtllm_request_queue_time_seconds'],
  ['SGLang', 'sglang:queue_time_seconds'],
])('the queue of %s', (_, name) => {
  expect(queueOf(page([1, 1, 1, 1], { name })).count).toBe(1);
});

test("LiteLLM's own page: its queue, and first tokens of the streams that it passed on", () => {
  const times = readServerTimes(recorded('litellm/metrics').body);
  expect(times.get('ai_server_queue_ms')?.count).toBeGreaterThan(0);
  expect(meanMs(times.get('ai_server_ttft_ms') ?? { count: 0, sumMs: 0, atMost: new Map() })).toBeGreaterThan(
    50,
  );
});
