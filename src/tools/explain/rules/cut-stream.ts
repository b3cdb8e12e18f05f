import type { Read } from '../read-recording.ts';

/** A piece of a stream, and the time of the read that completed it. */
export type Piece = { text: string; atMs: number };

/**
 * The stream cut at separators, as readers do that split a buffer. What follows the last separator is apart: some
 * tools take it at the end, some drop it.
 */
export function cutAt(
  reads: readonly Read[],
  findEnd: (buffer: string) => { at: number; length: number } | null,
): { pieces: Piece[]; rest: Piece } {
  const pieces: Piece[] = [];
  let buffer = '';
  let atMs = 0;
  for (const read of reads) {
    atMs = read.atMs ?? 0;
    buffer += read.bytes;
    for (let end = findEnd(buffer); end !== null; end = findEnd(buffer)) {
      pieces.push({ text: decoded(buffer.slice(0, end.at)), atMs });
      buffer = buffer.slice(end.at + end.length);
    }
  }
  return { pieces, rest: { text: decoded(buffer), atMs } };
}

/** Lines, CR taken off; the last one even without its end. */
export function linesOf(reads: readonly Read[]): Piece[] {
  const { pieces, rest } = cutAt(reads, at('\n'));
  const lines = rest.text === '' ? pieces : [...pieces, rest];
  return lines.map(({ text, atMs }) => ({ text: text.endsWith('\r') ? text.slice(0, -1) : text, atMs }));
}

/** Finds one separator. */
export function at(separator: string): (buffer: string) => { at: number; length: number } | null {
  return (buffer) => {
    const index = buffer.indexOf(separator);
    return index < 0 ? null : { at: index, length: separator.length };
  };
}

/** The time of the last read: the nearest that a recording tells of the end of the connection. */
export function endOf(reads: readonly Read[]): number {
  return reads.at(-1)?.atMs ?? 0;
}

/** Bytes, one a character, as text. */
export function decoded(binary: string): string {
  return Buffer.from(binary, 'latin1').toString('utf8');
}
