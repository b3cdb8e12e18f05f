import { onTestFinished } from 'vitest';
import type { MockOptions } from '../../src/tools/mock/server/mock-options.ts';
import { startMock, type Mock } from '../../src/tools/mock/server/start-mock.ts';
import { requestRaw, type RawAnswer } from './raw-http.ts';

/** Quick and exact: 5 ms to the first token, 1 ms between tokens, 8 tokens. */
export const QUICK = { ttft: '5', tpot: '1', tokens: '8' } as const;

/** A mock for the test that calls it, closed after it. */
export async function openMock(options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock({ timing: QUICK, ...options });
  onTestFinished(() => mock.close());
  return mock;
}

export type ChatOptions = {
  path?: string;
  headers?: Readonly<Record<string, string>>;
  /** Of `x-mock-fault`. */
  fault?: string;
  /** Beside model and messages. */
  fields?: object;
  text?: string;
};

/** One chat request over a connection of its own. */
export function chat(mock: Mock, options: ChatOptions = {}): Promise<RawAnswer> {
  const { path = '/v1/chat/completions', headers = {}, fault, fields = {}, text = 'Name a bird.' } = options;
  return requestRaw(mock.port, {
    path,
    headers: { ...headers, ...(fault === undefined ? {} : { 'x-mock-fault': fault }) },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }], ...fields }),
  });
}

/** The fields of a request for a stream that tells its usage. */
export const STREAM = { stream: true, stream_options: { include_usage: true } };
