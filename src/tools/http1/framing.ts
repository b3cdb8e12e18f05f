import { type Header, headerValue, headerWords } from './message-head.ts';

/** How the end of a body is found (RFC 9112, section 6.3). */
export type Framing =
  | { kind: 'none' }
  | { kind: 'length'; bytes: number }
  | { kind: 'chunked' }
  /** Answers only: everything until the connection ends. */
  | { kind: 'until-close' };

/** A body whose end cannot be told. */
export type BadFraming = { kind: 'bad'; reason: string };

/**
 * The framing that a message's headers announce; without any, `otherwise`. Transfer-Encoding wins over
 * Content-Length.
 */
export function framingOf(headers: readonly Header[], otherwise: Framing): Framing | BadFraming {
  const codings = headerWords(headers, 'transfer-encoding');
  if (codings.length > 0) {
    if (codings.at(-1) !== 'chunked') return { kind: 'until-close' };
    if (codings.length === 1) return { kind: 'chunked' };
    return { kind: 'bad', reason: `transfer coding ${codings.join(', ')} is not spoken here` };
  }
  const given = headerValue(headers, 'content-length');
  if (given === null) return otherwise;
  const [length = '', ...others] = given.split(',').map((part) => part.trim());
  if (!/^\d{1,15}$/.test(length) || others.some((other) => other !== length)) {
    return { kind: 'bad', reason: `content-length "${given.slice(0, 40)}" is no number` };
  }
  return length === '0' ? { kind: 'none' } : { kind: 'length', bytes: Number(length) };
}
