import { ConfigError } from '../../lib/parse/config-error.ts';
import { parseFaultRule } from './faults/draw-faults.ts';
import { renderFaults } from './faults/faults.ts';
import { parseModel } from './chat/models.ts';
import {
  DEFAULT_QUEUE,
  DEFAULT_SEED,
  DEFAULT_SLOTS,
  DEFAULT_TOKENS_PER_REQUEST,
  type MockOptions,
} from './server/mock-options.ts';
import { startMock, type Mock } from './server/start-mock.ts';
import { cannotListen } from '../cli/cannot-listen.ts';
import { UsageError, defineCommand, type Values } from '../cli/define-command.ts';
import { askForPriority } from '../machine/niceness.ts';
import { reserveOpenFiles } from '../machine/open-files.ts';
import { readNumber } from '../cli/read-number.ts';

const DEFAULT_PORT = 8787;

const FLAGS = {
  port: { type: 'string', value: 'PORT', help: `where to listen; 0: any free one (default ${DEFAULT_PORT})` },
  host: { type: 'string', value: 'HOST', help: 'a loopback address (default 127.0.0.1)' },
  ttft: { type: 'string', value: 'MS', help: 'time to first token of all models' },
  tpot: { type: 'string', value: 'MS', help: 'time between tokens of all models' },
  'output-tokens': { type: 'string', value: 'N', help: 'tokens of an answer, of all models' },
  model: {
    type: 'string',
    multiple: true,
    value: 'NAME:ttft=MS,tpot=MS,tokens=N',
    help: 'one model; repeat it for more',
  },
  'strict-models': { type: 'boolean', help: 'models that are not listed get 404' },
  slots: {
    type: 'string',
    value: 'N',
    help: `generations at a time, or "unlimited" (default ${DEFAULT_SLOTS})`,
  },
  queue: {
    type: 'string',
    value: 'N',
    help: `requests that wait for a slot, then 503 (default ${DEFAULT_QUEUE})`,
  },
  'batch-slowdown': {
    type: 'string',
    value: 'RATIO',
    help: 'each other running answer lengthens tpot by it (default 0)',
  },
  prefill: {
    type: 'string',
    value: 'TOKENS_PER_SEC',
    help: 'prompt tokens that are not cached lengthen ttft by it (default: not at all)',
  },
  decode: {
    type: 'string',
    value: 'TOKENS_PER_SEC',
    help: 'running answers share it: tpot is at least their number / it (default: no limit)',
  },
  fault: {
    type: 'string',
    multiple: true,
    value: 'NAME[:N]=RATIO[@MODEL]',
    help: 'a share of the requests gets it',
  },
  'prompt-cache': { type: 'boolean', help: 'repeated prefixes of prompts count as cached' },
  'rate-limit': { type: 'string', value: 'RPM[:BURST]', help: 'requests a minute, then 429' },
  'token-limit': {
    type: 'string',
    value: 'TPM',
    help: `tokens a minute (default ${DEFAULT_TOKENS_PER_REQUEST} x RPM)`,
  },
  'api-key': { type: 'string', value: 'KEY', help: 'requests without it get 401' },
  'keep-bodies': { type: 'boolean', help: 'keep the last 1,000 request bodies for /__truth?bodies=1' },
  seed: { type: 'string', value: 'N', help: `of everything random (default ${DEFAULT_SEED})` },
  quiet: { type: 'boolean', help: 'print the URL and nothing else' },
} as const;

const DETAILS = `
MS and N are a number or a distribution: normal:MEAN:STDDEV, uniform:MIN:MAX, lognormal:MEDIAN:SIGMA.
Any model name is served; without the flags a few known names have timings of their own, others 200, 20, 64.
The first line on stdout is the base URL. GET /__truth tells what the mock did, POST /__reset forgets it.

A request gets faults by ratio (--fault server_500=0.1), or by its header (x-mock-fault: stall:500,crlf):

${renderFaults()}

Examples:
  k6-llm mock --port 0 --ttft normal:200:50 --tpot 20 --output-tokens 64
  k6-llm mock --slots 8 --queue 16 --fault rate_limit_seconds:2=0.05 --fault reset=0.01
`;

export const command = defineCommand({
  name: 'mock',
  summary: 'Serve an OpenAI- and Anthropic-compatible API with exact timing, a known capacity and faults.',
  usage: '[flags]',
  details: DETAILS,
  flags: FLAGS,
  run: async ({ values, operands }) => {
    if (operands.length > 0) {
      throw new UsageError(
        `mock: got "${operands.join(' ')}"; expected flags only; write k6-llm mock --port 8787`,
      );
    }
    askForPriority();
    reserveOpenFiles();
    const mock = await start(readOptions(values));
    console.log(mock.url);
    if (values.quiet !== true) console.error(`mock: what it did is at ${mock.url}/__truth; Ctrl-C ends it`);
    await untilSignal();
    const { requests } = mock.truth();
    await mock.close();
    if (values.quiet !== true) {
      console.error(
        `mock: ${requests.started} requests, ${requests.answered} answered, ${requests.broken} broken off, ${requests.aborted} left by the client`,
      );
    }
    return 0;
  },
});

async function start(options: MockOptions): Promise<Mock> {
  try {
    return await startMock(options);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw cannotListen(error);
  }
}

/** SIGTERM or SIGINT. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function readOptions(values: Values<typeof FLAGS>): MockOptions {
  return {
    host: values.host ?? '127.0.0.1',
    port: readNumber('--port', values.port, { fallback: DEFAULT_PORT, max: 65_535 }),
    timing: { ttft: values.ttft, tpot: values.tpot, tokens: values['output-tokens'] },
    models: (values.model ?? []).map(parseModel),
    strictModels: values['strict-models'] === true,
    slots: readLimit('--slots', values.slots, DEFAULT_SLOTS),
    queue: readLimit('--queue', values.queue, DEFAULT_QUEUE),
    batchSlowdownRatio: readNumber('--batch-slowdown', values['batch-slowdown'], {
      fallback: 0,
      max: 100,
      fraction: true,
    }),
    prefillTokensPerSec: readRate('--prefill', values.prefill),
    decodeTokensPerSec: readRate('--decode', values.decode),
    faults: (values.fault ?? []).map(parseFaultRule),
    seed: readNumber('--seed', values.seed, { fallback: DEFAULT_SEED }),
    apiKey: values['api-key'] ?? null,
    promptCache: values['prompt-cache'] === true,
    rateLimit: readRateLimit(values['rate-limit'], values['token-limit']),
    keepBodies: values['keep-bodies'] === true,
  };
}

function readLimit(flag: string, text: string | undefined, fallback: number): number {
  if (text === 'unlimited') return Infinity;
  return readNumber(flag, text, { fallback, min: flag === '--slots' ? 1 : 0 });
}

function readRateLimit(
  requests: string | undefined,
  tokens: string | undefined,
): NonNullable<MockOptions['rateLimit']> | null {
  if (requests === undefined && tokens === undefined) return null;
  const [perMinute, burst] = (requests ?? '1000000').split(':');
  return {
    requestsPerMinute: readNumber('--rate-limit', perMinute, { fallback: 0, min: 1 }),
    ...(burst === undefined
      ? {}
      : { burstRequests: readNumber('--rate-limit', burst, { fallback: 0, min: 1 }) }),
    ...(tokens === undefined
      ? {}
      : { tokensPerMinute: readNumber('--token-limit', tokens, { fallback: 0, min: 1 }) }),
  };
}

/** null without one. */
function readRate(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const tokensPerSec = readNumber(flag, text, { fallback: 0, max: 1e9, fraction: true });
  if (tokensPerSec > 0) return tokensPerSec;
  throw new UsageError(`mock: ${flag}: got "${text}"; expected tokens a second above 0; write ${flag} 8000`);
}
