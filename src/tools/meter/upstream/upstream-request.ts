import { METER_HEADERS } from '../../../lib/answer/meter-answer.ts';
import { type Header, headerWords } from '../../http1/message-head.ts';

/** Of one hop only (RFC 9110, section 7.6.1), or set by the meter itself. */
const NOT_FORWARDED: ReadonlySet<string> = new Set(
  [
    'connection keep-alive proxy-connection te trailer transfer-encoding upgrade',
    'host content-length accept-encoding expect',
    ...Object.values(METER_HEADERS),
  ].flatMap((names) => names.split(' ')),
);

/** What the meter adds to each request, rendered once. The key is in it: never print it. */
export type OwnHeaders = { text: string; names: ReadonlySet<string> };

export function ownHeaders(headers: Readonly<Record<string, string>>): OwnHeaders {
  const entries = Object.entries(headers);
  return {
    text: entries.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    names: new Set(entries.map(([name]) => name.toLowerCase())),
  };
}

/**
 * The bytes of a request to the upstream: k6's body as it is, k6's headers but for those of the hop, the meter's
 * own (authentication) over k6's of the same name. Answers are asked for uncompressed, so that events can be
 * stamped as they come.
 */
export function upstreamRequest(
  { method, path, authority }: { method: string; path: string; authority: string },
  { headers, body }: { headers: readonly Header[]; body: Buffer },
  own: OwnHeaders,
): Buffer {
  const ofThisHop = headerWords(headers, 'connection');
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\n${own.text}accept-encoding: identity\r\n`;
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (NOT_FORWARDED.has(key) || own.names.has(key) || ofThisHop.includes(key)) continue;
    head += `${name}: ${value}\r\n`;
  }
  if (method !== 'GET') head += `content-length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
}
