import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { findHeader, type Headers } from '../../lib/answer/headers/find-header.ts';

/** The answer is compressed, though it was asked for as it is. */
export function isCompressed(headers: Headers): boolean {
  const coding = findHeader(headers, 'content-encoding')?.toLowerCase() ?? 'identity';
  return coding !== 'identity' && coding !== '';
}

/** A body without its content coding; as it is when the coding is unknown or the bytes are broken. */
export function decompress(bytes: Buffer, coding: string, maxOutputLength: number): Buffer {
  const limit = { maxOutputLength };
  try {
    switch (coding.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, limit);
      case 'deflate':
        return inflateSync(bytes, limit);
      case 'br':
        return brotliDecompressSync(bytes, limit);
      default:
        return bytes;
    }
  } catch {
    return bytes;
  }
}
