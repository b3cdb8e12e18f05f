import { readApiKey } from '../../lib/settings/api-key.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { durationMs } from '../../lib/parse/values.ts';
import { authHeaders } from '../../lib/request/auth-headers.ts';
import { type Meter, startMeter } from './start-meter.ts';
import { isMember, joinGroup } from './workers/join-group.ts';
import { leadMeters, MeterNotStarted } from './workers/lead-meters.ts';
import { DEFAULT_TIMEOUT_MS, MAX_WORKERS, type MeterOptions } from './meter-options.ts';
import { readTarget } from './upstream/upstream-target.ts';
import { cannotListen } from '../cli/cannot-listen.ts';
import { defineCommand, UsageError, type Values } from '../cli/define-command.ts';
import { askForPriority } from '../machine/niceness.ts';
import { reserveOpenFiles } from '../machine/open-files.ts';
import { readNumber } from '../cli/read-number.ts';
import { settingsPricing } from '../prices/settings-pricing.ts';

const DEFAULT_PORT = 8788;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const FLAGS = {
  target: {
    type: 'string',
    value: 'URL',
    help: "the server's base URL (default: LLM_BASE_URL, or the preset's)",
  },
  port: { type: 'string', value: 'PORT', help: `where to listen; 0: any free one (default ${DEFAULT_PORT})` },
  host: { type: 'string', value: 'HOST', help: 'a loopback address (default 127.0.0.1)' },
  connections: { type: 'string', value: 'N', help: 'connections to open before the load (default 1)' },
  timeout: {
    type: 'string',
    value: 'DURATION',
    help: 'of one request, where k6 does not say it (default 120s)',
  },
  workers: { type: 'string', value: 'N', help: 'processes that share the port and the budget (default 1)' },
  budget: { type: 'string', value: 'USD', help: 'dollars that are never passed' },
  record: {
    type: 'string',
    value: 'FILE',
    help: 'append one JSON line a request: times, tokens, outcome, never text',
  },
  events: { type: 'boolean', help: 'with --record: every read too' },
} as const;

/** `k6-llm meter`: measures streams between k6 and one server. */
export const command = defineCommand({
  name: 'meter',
  summary: 'Measures streams between k6 and a server, token by token.',
  usage: '--target URL [flags]',
  flags: FLAGS,
  details: `
It prints its address as the first line, then runs until SIGTERM or Ctrl-C. k6-llm run --stream starts and stops one
by itself. For k6 alone:

  k6-llm meter --target http://127.0.0.1:8000/v1 &
  LLM_STREAM=1 LLM_METER_URL=http://127.0.0.1:${DEFAULT_PORT} k6 run dist/baseline.js

The key comes from LLM_API_KEY, or the preset's own variable, in this command's environment: k6 needs none.
GET /__meter tells what it carried, its connections, its event-loop delay. See docs/streaming.md.`,
  run: async ({ values, operands }) => {
    if (values.events === true && values.record === undefined) {
      throw new UsageError('--events: got no --record; write --record FILE --events');
    }
    if (operands.length > 0) throw new UsageError('the meter takes no operands; write --target URL');
    askForPriority();
    reserveOpenFiles();
    const options = optionsFrom(values);
    const workers = readNumber('--workers', values.workers, { fallback: 1, min: 1, max: MAX_WORKERS });
    if (workers > 1 && !isMember()) return lead(workers, options);
    const meter = await start(options, workers);
    if (!isMember()) console.log(meter.url);
    if (meter.unopened !== null)
      console.error(`not all connections could be opened ahead: ${meter.unopened}`);
    await toldToEnd();
    const brokenOff = await meter.close();
    const problem = meter.recordProblem();
    if (problem !== null) console.error(`--record: not every request is in it: ${problem}`);
    if (brokenOff > 0) console.error(`${brokenOff} answers in progress were broken off`);
    return 0;
  },
});

function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

/** Several processes, which each run this same command: this one starts and ends them. */
async function lead(workers: number, { budget }: MeterOptions): Promise<number> {
  const told = toldToEnd().then(() => null);
  try {
    const group = await leadMeters(workers, budget?.limitUsd ?? null);
    console.log(group.url);
    const lost = await Promise.race([group.lost, told]);
    if (lost !== null)
      console.error(`one of ${workers} meters ended by itself, with ${lost}; the others end too`);
    const gravest = await group.close();
    return lost === null ? gravest : 1;
  } catch (error) {
    if (error instanceof MeterNotStarted) return error.exitCode;
    throw error;
  }
}

/** What the system refuses at the start is a port that is taken, or a record that cannot be written. */
async function start(options: MeterOptions, workers: number): Promise<Meter> {
  try {
    return await (isMember() ? joinGroup(options, workers) : startMeter(options));
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw error.syscall === 'listen'
      ? cannotListen(error)
      : new UsageError(
          `--record: ${error.message}; expected a file that can be written; write --record requests.jsonl`,
        );
  }
}

function optionsFrom(values: Values<typeof FLAGS>): MeterOptions {
  const host = values.host ?? '127.0.0.1';
  if (!LOOPBACK.includes(host)) {
    throw new UsageError(`--host: got "${host}"; expected a loopback address; write --host 127.0.0.1`);
  }
  const given = (values.target ?? '').trim();
  if (given !== '') readTarget(given, { setting: '--target' });
  const settings = readSettings({
    ...process.env,
    LLM_TRANSPORT: '',
    ...(given === '' ? {} : { LLM_BASE_URL: given }),
  });
  const { provider, extraHeaders } = settings;
  const target =
    given === ''
      ? readTarget(baseUrlOf(settings), { setting: 'LLM_BASE_URL', provider })
      : readTarget(given, { setting: '--target', provider });
  const timeout = durationMs({ min: 1, max: 86_400_000, example: '120s' });
  return {
    target,
    headers: {
      ...(target.basicAuth === null ? {} : { authorization: target.basicAuth }),
      ...provider.headers,
      ...authHeaders(provider, readApiKey(process.env, provider)),
      ...extraHeaders,
    },
    host: host === 'localhost' ? '127.0.0.1' : host,
    port: readNumber('--port', values.port, { fallback: DEFAULT_PORT, min: 0, max: 65_535 }),
    connections: readNumber('--connections', values.connections, { fallback: 1, min: 0, max: 20_000 }),
    timeoutMs: values.timeout === undefined ? DEFAULT_TIMEOUT_MS : timeout(values.timeout, '--timeout'),
    budget: readBudget(values.budget, settings),
    record: values.record === undefined ? null : { file: values.record, events: values.events ?? false },
  };
}

function baseUrlOf({ provider }: Settings): string {
  const given = (process.env['LLM_BASE_URL'] ?? '').trim();
  return given === '' ? (provider.baseUrl ?? '') : given;
}

function readBudget(text: string | undefined, settings: Settings): MeterOptions['budget'] {
  if (text === undefined) return null;
  const limitUsd = readNumber('--budget', text, { fallback: 0, min: 0.000001, max: 1e9, fraction: true });
  return { limitUsd, pricing: settingsPricing(settings) };
}
