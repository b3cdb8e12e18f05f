import { expect, test } from 'vitest';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { type Ending, openEndingsServer } from '../support/servers/endings-server.ts';
import { openMeter, openUpstream } from '../support/meter.ts';
import { delta, event } from '../support/stream-text.ts';

const TEXT = delta('Hi') + delta(' you');
const FINISH = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const DONE = event('[DONE]');
const WHOLE = TEXT + FINISH + DONE;
const JSON_BODY = '{"model":"m","choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}';

type Case = Ending & { outcome: string };

const chunked = (body: string, close: Ending['close'], outcome: string): Case => ({
  framing: 'chunked',
  body,
  close,
  outcome,
});
const untilClose = (body: string, close: Ending['close'], outcome: string): Case => ({
  framing: 'until-close',
  body,
  close,
  outcome,
});

const STREAMS: Record<string, Case> = {
  'whole-clean': chunked(WHOLE, 'last-chunk', 'ok'),
  'whole-reset': chunked(WHOLE, 'reset', 'ok'),
  'whole-fin': chunked(WHOLE, 'fin', 'ok'),
  'whole-open': chunked(WHOLE, 'open', 'ok'),
  'whole-short': { framing: 'too-long', body: WHOLE, close: 'fin', outcome: 'ok' },
  'whole-close': untilClose(WHOLE, 'fin', 'ok'),
  'whole-close-reset': untilClose(WHOLE, 'reset', 'ok'),
  'done-clean': chunked(TEXT + DONE, 'last-chunk', 'ok'),
  'done-open': chunked(TEXT + DONE, 'open', 'ok'),
  'done-fin': chunked(TEXT + DONE, 'fin', 'truncated'),
  'done-reset': chunked(TEXT + DONE, 'reset', 'truncated'),
  'cut-clean': chunked(TEXT, 'last-chunk', 'truncated'),
  'cut-reset': chunked(TEXT, 'reset', 'truncated'),
  'cut-fin': chunked(TEXT, 'fin', 'truncated'),
  'cut-open': chunked(TEXT, 'open', 'timeout'),
  'cut-short': { framing: 'too-long', body: TEXT, close: 'fin', outcome: 'truncated' },
  'cut-close': untilClose(TEXT, 'fin', 'truncated'),
  'head-reset': chunked('', 'reset', 'truncated'),
  'nothing-fin': { framing: 'none', body: '', close: 'fin', outcome: 'network' },
  'nothing-reset': { framing: 'none', body: '', close: 'reset', outcome: 'network' },
  'nothing-open': { framing: 'none', body: '', close: 'open', outcome: 'timeout' },
};

const BODIES: Record<string, Case> = {
  'json-clean': chunked(JSON_BODY, 'last-chunk', 'ok'),
  'json-close': untilClose(JSON_BODY, 'fin', 'ok'),
  'json-fin': chunked(JSON_BODY, 'fin', 'truncated'),
  'json-reset': chunked(JSON_BODY, 'reset', 'truncated'),
  'json-short': { framing: 'too-long', body: JSON_BODY, close: 'fin', outcome: 'truncated' },
  'json-open': chunked(JSON_BODY, 'open', 'timeout'),
  'events-clean': chunked(WHOLE, 'last-chunk', 'ok'),
  'events-open': chunked(WHOLE, 'open', 'ok'),
  'events-cut': chunked(TEXT, 'fin', 'truncated'),
};

/** What became of each model's requests, by model. */
async function outcomesOf(
  cases: Record<string, Case>,
  env: Record<string, string>,
): Promise<Record<string, string[]>> {
  const server = await openEndingsServer(cases);
  const meter = env['LLM_TRANSPORT'] === 'meter' ? await openMeter(server.url) : null;
  const { output, summary } = await runBundle('baseline', {
    LLM_BASE_URL: server.url,
    LLM_MIX: Object.keys(cases).join(','),
    LLM_PREFLIGHT: '0',
    LLM_THINK_TIME: '0s',
    LLM_TIMEOUT: '1s',
    LLM_VUS: '8',
    LLM_TIME_SCALE: '0.005',
    ...(meter === null ? {} : { LLM_METER_URL: meter.url }),
    ...env,
  });
  expect(scriptErrors(output)).toEqual([]);
  return Object.fromEntries(
    Object.entries(summary?.models ?? {}).map(([model, { succeeded, errors, requestsFinished }]) => {
      expect(requestsFinished, model).toBeGreaterThan(0);
      return [model, [...(succeeded > 0 ? ['ok'] : []), ...Object.keys(errors)]];
    }),
  );
}

/** Transports must agree on every way in which a connection can end. */
test.each([
  ['streams', STREAMS, '1'],
  ['answers in one piece, and streams that nobody asked for', BODIES, '0'],
])('http and the meter say the same of %s', async (_name, cases, stream) => {
  const expected = Object.fromEntries(Object.entries(cases).map(([name, { outcome }]) => [name, [outcome]]));
  for (const transport of ['http', 'meter']) {
    const outcomes = await outcomesOf(cases, { LLM_STREAM: stream, LLM_TRANSPORT: transport });
    expect({ transport, ...outcomes }).toEqual({ transport, ...expected });
  }
});

test.each(['reset', 'fin'] as const)(
  'a kept-alive connection that the server gave up is no failure of the request: %s',
  async (how) => {
    for (const transport of ['http', 'meter']) {
      const served = new WeakSet<object>();
      const server = await openUpstream((socket) => {
        // The next request on a connection meets its end.
        if (served.has(socket)) {
          if (how === 'reset') socket.resetAndDestroy();
          else socket.end();
          return;
        }
        served.add(socket);
        const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
        socket.write(`${head}content-length: ${JSON_BODY.length}\r\n\r\n${JSON_BODY}`);
      });
      const meter = transport === 'meter' ? await openMeter(server.url) : null;
      const { summary } = await runBundle('smoke', {
        LLM_BASE_URL: server.url,
        LLM_MIX: 'm',
        LLM_PREFLIGHT: '0',
        LLM_TRANSPORT: transport,
        ...(meter === null ? {} : { LLM_METER_URL: meter.url }),
      });
      expect({ transport, ...summary?.totals }).toMatchObject({ transport, succeeded: 5, errors: {} });
      expect(server.gone()).toBeGreaterThanOrEqual(2);
    }
  },
);
