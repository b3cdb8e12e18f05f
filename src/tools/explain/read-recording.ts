import { isRecord, parseJson } from '../../lib/parse/json.ts';
import { readFile } from 'node:fs/promises';
import { refuseDevice } from '../cli/refuse-device.ts';
import { UsageError } from '../cli/define-command.ts';

/** One read of a connection: bytes as a binary string, one character a byte. */
export type Read = { atMs: number | null; bytes: string };

/** A recorded answer. */
export type Recording = {
  reads: readonly Read[];
  close: 'clean' | 'reset';
  /** False for a plain capture: nothing in it says when. */
  timed: boolean;
};

const EXAMPLE = 'lines such as [120,"data: {…}\\n\\n"] and last {"close":"clean"}, or a plain .sse capture';

/**
 * Reads a recorded stream, `-` for standard input: JSON lines of `[ms, "text"]` or `[ms, {"hex": "…"}]` as the bytes
 * arrived, the last one `{"close": "clean"}` or `{"close": "reset"}`; or a plain capture of the body, taken as
 * ended cleanly.
 *
 * @throws UsageError for a file that is missing, empty, binary or half-written.
 */
export async function readRecording(file: string): Promise<Recording> {
  return recordingOf(await readInput(file), file);
}

/**
 * The bytes of a file, `-` for standard input.
 *
 * @throws UsageError for a file that cannot be read.
 */
export async function readInput(file: string): Promise<Buffer> {
  return file === '-' ? readStandardInput() : readFileOrTell(file);
}

/** A recording from its bytes; `file` names it in messages. Throws as `readRecording` does. */
export function recordingOf(bytes: Buffer, file: string): Recording {
  if (bytes.length === 0) throw new UsageError(`${file}: the file is empty; expected ${EXAMPLE}`);
  if (isBinary(bytes)) {
    throw new UsageError(`${file}: holds binary data, compressed perhaps; expected ${EXAMPLE}`);
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const start = text.trimStart();
  if (/^\[\s*-?\d/.test(start) || /^\{\s*"close"/.test(start)) return readTimeline(text, file);
  return { reads: [{ atMs: null, bytes: bytes.toString('latin1') }], close: 'clean', timed: false };
}

/** Zero bytes, gzip's or zstd's first bytes: no text of any kind. */
function isBinary(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 4);
  return bytes.includes(0) || start.startsWith('\u001f\u008b') || start === '\u0028\u00b5\u002f\u00fd';
}

async function readFileOrTell(file: string): Promise<Buffer> {
  try {
    await refuseDevice(file);
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file}: cannot be read (${reason}); expected a file, or - for standard input`);
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function readTimeline(text: string, file: string): Recording {
  const reads: Read[] = [];
  let close: Recording['close'] | null = null;
  const fail = (line: number, problem: string): UsageError =>
    new UsageError(`${file}, line ${line}: ${problem}; expected ${EXAMPLE}`);
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (close !== null) throw fail(index + 1, 'a line follows the one that closes');
    const value = parseJson(line);
    const ending = endingOf(value);
    if (ending !== null) close = ending;
    else {
      const read = readOf(value);
      if (read === null) throw fail(index + 1, value === undefined ? 'not JSON (half-written?)' : 'no read');
      if ((reads.at(-1)?.atMs ?? 0) > (read.atMs ?? 0))
        throw fail(index + 1, 'its time is before the last one');
      reads.push(read);
    }
  }
  if (close === null)
    throw new UsageError(`${file}: has no last line {"close":"clean"} or {"close":"reset"} (half-written?)`);
  return { reads, close, timed: true };
}

function endingOf(value: unknown): Recording['close'] | null {
  const close = isRecord(value) ? value['close'] : null;
  return close === 'clean' || close === 'reset' ? close : null;
}

function readOf(value: unknown): Read | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [atMs, content]: unknown[] = value;
  if (typeof atMs !== 'number' || !Number.isFinite(atMs) || atMs < 0) return null;
  if (typeof content === 'string') return { atMs, bytes: Buffer.from(content, 'utf8').toString('latin1') };
  const hex = isRecord(content) ? content['hex'] : null;
  if (typeof hex !== 'string' || !/^([0-9a-f]{2})*$/i.test(hex)) return null;
  return { atMs, bytes: Buffer.from(hex, 'hex').toString('latin1') };
}
