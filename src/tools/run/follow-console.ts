import { type FailureLine, parseFailure } from '../../lib/samples/failure-line.ts';
import { createFailureTeller } from './tell-failures.ts';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const PERIOD_MS = 200;
const CHUNK_BYTES = 1 << 20;
/** A line without an end is given up beyond this, so that a script that prints without line breaks costs no memory. */
const MAX_LINE_CHARS = 4 << 20;
/** Samples, their header and server gauges: `src/lib/samples/sample.ts`. */
const OURS = /^\["llm-/;

/**
 * Follows the file that k6 writes its console to, and says every line that is not a sample: what scripts print
 * must still reach the person. Of failures it passes on the first; of samples, `onOwn` is told. Of a file of any size
 * it holds one chunk.
 */
export function followConsole(
  file: string,
  {
    say,
    tellFailure = createFailureTeller(say),
    onOwn = () => {},
  }: {
    say: (line: string) => void;
    tellFailure?: ((failure: FailureLine) => void) | undefined;
    onOwn?: ((line: string) => void) | undefined;
  },
): { stop: () => Promise<void> } {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let offset = 0;
  let rest = '';
  const hand = (line: string): void => {
    const failure = parseFailure(line);
    if (failure !== null) tellFailure(failure);
    else if (OURS.test(line)) onOwn(line);
    else say(line);
  };
  const readOn = async (): Promise<void> => {
    const handle = await open(file, 'r').catch(() => null);
    if (handle === null) return;
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) hand(line);
        if (rest.length <= MAX_LINE_CHARS) continue;
        hand(rest);
        rest = '';
      }
    } finally {
      await handle.close();
    }
  };
  let reading: Promise<void> | null = null;
  const tick = (): void => {
    reading ??= readOn().finally(() => (reading = null));
  };
  const timer = setInterval(tick, PERIOD_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await reading;
      await readOn();
      if (rest !== '') hand(rest);
    },
  };
}
