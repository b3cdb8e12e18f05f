import { readApiKey } from '../../lib/settings/api-key.ts';
import { readSettings } from '../../lib/settings/settings.ts';
import { authHeaders } from '../../lib/request/auth-headers.ts';
import { cannotListen } from '../cli/cannot-listen.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { readNumber } from '../cli/read-number.ts';
import { readTarget } from '../meter/upstream/upstream-target.ts';
import { type SessionRecording, type RecordingOptions, isFilled, startRecording } from './start-recording.ts';

const DEFAULT_PORT = 8789;
const DEFAULT_FILE = 'sessions.jsonl';
/** Agents wait long for long answers. */
const TIMEOUT_MS = 1_800_000;

const FLAGS = {
  target: {
    type: 'string',
    value: 'URL',
    help: "the server's base URL (default: LLM_BASE_URL, or the preset's)",
  },
  out: { type: 'string', value: 'FILE', help: `where sessions go (default ${DEFAULT_FILE})` },
  content: { type: 'boolean', help: 'keep the texts; without it, their lengths and what they share' },
  redact: { type: 'string', value: 'REGEX', help: 'with --content: what matches is blotted out' },
  port: { type: 'string', value: 'PORT', help: `where to listen; 0: any free one (default ${DEFAULT_PORT})` },
} as const;

/** `k6-llm record`: writes what a client and a server say to each other as sessions. */
export const command = defineCommand({
  name: 'record',
  summary: 'Records what a client asks a server, as sessions to replay.',
  usage: '--target URL [flags]',
  flags: FLAGS,
  details: `
It prints the base URL to give to the client, then runs until SIGTERM or Ctrl-C:

  k6-llm record --target https://api.openai.com/v1 --out sessions.jsonl
  OPENAI_BASE_URL=http://127.0.0.1:${DEFAULT_PORT}/v1 my-agent

The client's own key passes through; a key in this command's environment (LLM_API_KEY) goes over it. Neither is ever
written, and no header is. Replay with LLM_DATASET=sessions.jsonl (docs/workloads.md).`,
  run: async ({ values, operands }) => {
    if (operands.length > 0) throw new UsageError('record takes no operands; write --target URL');
    const file = values.out ?? DEFAULT_FILE;
    if (isFilled(file))
      throw new UsageError(
        `--out: ${file} holds something already; expected a new file; write --out other.jsonl`,
      );
    if (values.redact !== undefined && values.content !== true)
      throw new UsageError('--redact: without --content no text is kept; write --content --redact REGEX');
    const given = (values.target ?? '').trim();
    const settings = readSettings({
      ...process.env,
      LLM_TRANSPORT: '',
      ...(given === '' ? {} : { LLM_BASE_URL: given }),
    });
    const { provider, extraHeaders } = settings;
    const target = readTarget(
      given === '' ? (process.env['LLM_BASE_URL'] ?? provider.baseUrl ?? '') : given,
      {
        setting: given === '' ? 'LLM_BASE_URL' : '--target',
        provider,
      },
    );
    const recording = await start({
      target,
      headers: {
        ...(target.basicAuth === null ? {} : { authorization: target.basicAuth }),
        ...authHeaders(provider, readApiKey(process.env, provider)),
        ...extraHeaders,
      },
      host: '127.0.0.1',
      port: readNumber('--port', values.port, { fallback: DEFAULT_PORT, min: 0, max: 65_535 }),
      timeoutMs: TIMEOUT_MS,
      file,
      keepsContent: values.content === true,
      redact: values.redact === undefined ? [] : [readRegex(values.redact)],
    });
    console.log(recording.url);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    });
    await recording.close();
    for (const line of toldOf(recording, file)) console.error(line);
    return recording.figures().problem === null ? 0 : 1;
  },
});

function toldOf(recording: SessionRecording, file: string): string[] {
  const { sessions, turns, failed, left, unfollowed, others, othersByKind, otherParts, problem } =
    recording.figures();
  const lines = [`${file}: ${turns} requests in ${sessions} sessions`];
  if (failed > 0) lines.push(`${failed} requests that failed are in none`);
  if (left > 0) lines.push(`${left} answers that the client gave up are in none`);
  if (unfollowed > 0)
    lines.push(
      `${unfollowed} requests cannot be followed and are in none: what they go on from is the server's (conversation, prompt, background, or a previous_response_id or item_reference that did not pass here); a client that sends its whole input each time can be recorded`,
    );
  if (others > 0) {
    const kinds = [...othersByKind].map(([kind, count]) => `${count} ${kind}`).join(', ');
    lines.push(`${others} requests passed that are no conversations and are in none: ${kinds}`);
  }
  if (otherParts > 0)
    lines.push(`${otherParts} parts that are no text (pictures) were left out: only --content keeps them`);
  if (problem !== null) lines.push(`not every request is in it: ${problem}`);
  return lines;
}

function readRegex(text: string): RegExp {
  try {
    return new RegExp(text, 'g');
  } catch {
    throw new UsageError(
      `--redact: got "${text}"; expected a regular expression; write --redact '[\\w.]+@[\\w.]+'`,
    );
  }
}

async function start(options: RecordingOptions): Promise<SessionRecording> {
  try {
    return await startRecording(options);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    if (error.syscall === 'listen') throw cannotListen(error);
    throw new UsageError(
      `--out: ${error.message}; expected a file that can be written; write --out ${DEFAULT_FILE}`,
    );
  }
}
