import { request } from 'undici';
import type { MeterAnswer } from '../../src/lib/answer/meter-answer.ts';
import { DEFAULT_TIMEOUT_MS, type MeterOptions } from '../../src/tools/meter/meter-options.ts';
import { type Meter, startMeter } from '../../src/tools/meter/start-meter.ts';
import { readTarget } from '../../src/tools/meter/upstream/upstream-target.ts';

/** A meter in this process, which the caller closes. */
export function startBareMeter(baseUrl: string, change: Partial<MeterOptions> = {}): Promise<Meter> {
  return startMeter({
    target: readTarget(baseUrl, { setting: '--target' }),
    headers: {},
    host: '127.0.0.1',
    port: 0,
    connections: 0,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    budget: null,
    record: null,
    ...change,
  });
}

export type MeterRequest = {
  body: object;
  headers?: Record<string, string>;
  path?: string;
  signal?: AbortSignal;
};

export type Asked = {
  status: number;
  answer: MeterAnswer;
  headers: Record<string, string | string[] | undefined>;
  /** The answer as it came. */
  raw: string;
};

/** One request through a meter. */
export async function askMeter(meter: Meter, options: MeterRequest): Promise<Asked> {
  const { statusCode, headers, body } = await request(
    `${meter.url}${options.path ?? '/v1/chat/completions'}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      body: JSON.stringify(options.body),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  const raw = await body.text();
  return { status: statusCode, answer: JSON.parse(raw) as MeterAnswer, headers, raw };
}
