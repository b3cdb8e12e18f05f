import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { chat, openMock } from '../../../test/support/mock.ts';
import { compareCounts, countOfMock } from './compare-counts.ts';

const COUNT = { requests: 10, failed: 1, inputTokens: 100, outputTokens: 50 };

test('the same count is well, and said', () => {
  expect(compareCounts(COUNT, { ...COUNT })).toEqual({
    ok: true,
    lines: ['the mock counted the same: 10 requests, 1 failed, 150 tokens'],
  });
});

test.each(['requests', 'failed', 'inputTokens', 'outputTokens'] as const)(
  'another number of %s is not, and both are said',
  (name) => {
    const { ok, lines } = compareCounts(COUNT, { ...COUNT, [name]: 3 });
    expect(ok).toBe(false);
    expect(lines).toHaveLength(2);
  },
);

test('a mock that does not tell is not well', async () => {
  const server = createServer((_, response) => void response.end('hello'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  expect(await countOfMock(`http://127.0.0.1:${port}/v1`)).toBeNull();
  expect(compareCounts(COUNT, null).ok).toBe(false);
});

test("the mock's count is read from its truth", async () => {
  const mock = await openMock();
  await chat(mock);
  await chat(mock, { fault: 'server_500' });
  expect(await countOfMock(mock.url)).toMatchObject({ requests: 2, failed: 1, outputTokens: 8 });
});
