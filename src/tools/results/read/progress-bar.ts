import path from 'node:path';
import type { Progress } from './read-lines.ts';

const WIDTH = 28;
/** Files smaller than this are read before a bar could be seen. */
const WORTH_A_BAR_BYTES = 32 * 1024 * 1024;

/**
 * A bar on a terminal (stderr) for each large file that is read; nothing where stderr is no terminal, so that
 * logs and pipes stay clean.
 */
export function progressBar(stream: NodeJS.WriteStream = process.stderr): (file: string) => Progress {
  return (file) => {
    let shownPercent = -1;
    return (readBytes, totalBytes) => {
      if (!stream.isTTY || totalBytes < WORTH_A_BAR_BYTES) return;
      const percent = Math.floor((readBytes / totalBytes) * 100);
      if (percent === shownPercent) return;
      shownPercent = percent;
      const filled = Math.round((percent / 100) * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      const end = readBytes >= totalBytes ? '\r\u001b[K' : '';
      stream.write(`\r${bar} ${String(percent).padStart(3)} %  ${path.basename(file)}${end}`);
    };
  };
}
