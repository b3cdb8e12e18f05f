import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const PERIOD_MS = 200;
const CHUNK_BYTES = 1 << 20;
/** Samples, their header and server gauges: `src/lib/sample.ts`. */
const OURS = /^\["llm-/;

/**
 * Follows the file that k6 writes its console to, and says every line that is not a sample: what scripts print
 * must still reach the person.
 */
export function followConsole(file: string, say: (line: string) => void): { stop: () => Promise<void> } {
  const decoder = new StringDecoder('utf8');
  let offset = 0;
  let rest = '';
  let reading = Promise.resolve();
  const readOn = async (): Promise<void> => {
    const handle = await open(file, 'r').catch(() => null);
    if (handle === null) return;
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (!OURS.test(line)) say(line);
      }
    } finally {
      await handle.close();
    }
  };
  const tick = (): void => void (reading = reading.then(readOn));
  const timer = setInterval(tick, PERIOD_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      tick();
      await reading;
      if (rest !== '' && !OURS.test(rest)) say(rest);
    },
  };
}
