import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** How far a file is read: bytes of the file as it lies on disk. */
export type Progress = (readBytes: number, totalBytes: number) => void;

export type LinesRead = {
  /** The last line had no end: the writer was cut off, or is still writing. */
  endsHalfway: boolean;
  /** A gzip file that ends before its end. */
  cutGzip: boolean;
  /** Lines that were skipped for their length. */
  tooLong: number;
};

const CHUNK_BYTES = 1 << 20;
/** A longer line cannot be one of ours: it is skipped, so that memory stays bounded. */
const MAX_LINE_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/**
 * Hands over a file's lines as bytes: `chunk` from `start` to `end`, line end left out. The bytes are only
 * good during the call. Reads `.gz` too; memory stays bounded whatever the file.
 */
export async function readLines(
  path: string,
  onLine: (chunk: Buffer, start: number, end: number) => void,
  onProgress: Progress = () => {},
): Promise<LinesRead> {
  const { size } = await stat(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let readBytes = 0;
  file.on('data', (chunk) => {
    readBytes += chunk.length;
    onProgress(readBytes, size);
  });
  const bytes = path.endsWith('.gz') ? unzip(file) : file;
  const splitter = new LineSplitter(onLine);
  let cutGzip = false;
  try {
    for await (const chunk of bytes) if (Buffer.isBuffer(chunk)) splitter.feed(chunk);
  } catch (error) {
    if (!isCutGzip(error)) throw error;
    cutGzip = true;
  }
  return { endsHalfway: splitter.end(), cutGzip, tooLong: splitter.tooLong };
}

function unzip(file: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

function isCutGzip(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'Z_BUF_ERROR' || error.code === 'Z_DATA_ERROR')
  );
}

/** Cuts chunks into lines; a line over the edge of two chunks is put together. */
class LineSplitter {
  #rest: Buffer | null = null;
  #skipping = false;
  tooLong = 0;
  readonly #onLine: (chunk: Buffer, start: number, end: number) => void;

  constructor(onLine: (chunk: Buffer, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  feed(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(LINE_FEED);
    if (end >= 0 && (this.#rest !== null || this.#skipping)) {
      this.#finishRest(chunk.subarray(0, end));
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    while (end >= 0) {
      this.#onLine(chunk, start, end);
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Hands over what is left; true when there was something. */
  end(): boolean {
    const rest = this.#rest;
    this.#rest = null;
    if (rest === null) return false;
    this.#onLine(rest, 0, rest.length);
    return true;
  }

  #finishRest(tail: Buffer): void {
    const line = this.#rest === null ? tail : Buffer.concat([this.#rest, tail]);
    if (!this.#skipping) this.#onLine(line, 0, line.length);
    this.#rest = null;
    this.#skipping = false;
  }

  #keep(tail: Buffer): void {
    if (this.#skipping) return;
    this.#rest = this.#rest === null ? Buffer.from(tail) : Buffer.concat([this.#rest, tail]);
    if (this.#rest.length <= MAX_LINE_BYTES) return;
    this.#rest = null;
    this.#skipping = true;
    this.tooLong += 1;
  }
}
