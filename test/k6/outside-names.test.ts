import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';

const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

test('models named as what every object inherits are models like any other', async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    const model = NAMES[requests++ % NAMES.length];
    const message = { role: 'assistant', content: 'Hi' };
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    response.end(
      JSON.stringify({
        model,
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage,
        [model ?? '']: 1,
      }),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { code, output, summary } = await runBundle('smoke', {
    LLM_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    LLM_MIX: NAMES.map((name) => `${name}=1`).join(','),
    LLM_EXTRA_BODY: '{"__proto__":1}',
  });
  expect(scriptErrors(output)).toEqual([]);
  expect(code).toBe(0);
  const { totals, models } = summary!;
  expect(Object.keys(models).toSorted()).toEqual(NAMES.toSorted());
  expect(totals).toMatchObject({ requestsStarted: 5, succeeded: 5, unpriced: 5, inputTokens: 15 });
  expect(totals.preflight).toMatchObject({ requests: NAMES.length, inputTokens: 3 * NAMES.length });
});
