/** A header as it came: the name in its own spelling. */
export type Header = readonly [name: string, value: string];

/** The first line of a message, and its headers in order. */
export type MessageHead = { startLine: string; headers: readonly Header[] };

/** Longest head of a request or an answer, bytes. Node's own limit is 16 kB; some gateways send more. */
export const MAX_HEAD_BYTES = 64 * 1024;

/** The blank line that ends a head. A lone LF is taken as a line end, as RFC 9112 section 2.2 allows. */
const BLANK_LINE = /\r?\n\r?\n/g;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Collects the head of one message from bytes cut anywhere. */
export class HeadCollector {
  #text = '';

  /** Nothing of a head has come. */
  get isEmpty(): boolean {
    return this.#text === '';
  }

  /**
   * Takes bytes up to the end of the head.
   *
   * @returns the index behind the head, and its text; -1 when it is not complete; 'too-long' past the limit.
   */
  collect(bytes: Buffer, start: number, end: number): { next: number; text: string } | 'more' | 'too-long' {
    const before = this.#text.length;
    this.#text += bytes.toString('latin1', start, end);
    // The blank line may have begun in the bytes before.
    BLANK_LINE.lastIndex = Math.max(0, before - 3);
    const found = BLANK_LINE.exec(this.#text);
    if (found === null) return this.#text.length > MAX_HEAD_BYTES ? 'too-long' : 'more';
    if (found.index > MAX_HEAD_BYTES) return 'too-long';
    const text = this.#text.slice(0, found.index);
    const next = start + BLANK_LINE.lastIndex - before;
    this.#text = '';
    return { next, text };
  }
}

/** Splits a head into its lines. null when a line is no header: blanks before the colon, folded lines, no name. */
export function parseHead(text: string): MessageHead | null {
  const [startLine = '', ...lines] = text.split(/\r?\n/);
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    if (!TOKEN.test(name)) return null;
    // A lone CR, which some readers take for a line end, becomes a space (RFC 9112, section 2.2).
    headers.push([
      name,
      line
        .slice(colon + 1)
        .replace(/[\r\0]/g, ' ')
        .trim(),
    ]);
  }
  return { startLine, headers };
}

/** The values under a lower-case name joined by commas; null when there is none. */
export function headerValue(headers: readonly Header[], name: string): string | null {
  let joined: string | null = null;
  for (const [key, value] of headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    joined = joined === null ? value : `${joined}, ${value}`;
  }
  return joined;
}

/** The words of a comma-separated header, in lower case. */
export function headerWords(headers: readonly Header[], name: string): string[] {
  const words = (headerValue(headers, name) ?? '').toLowerCase().split(',');
  return words.map((word) => word.trim()).filter((word) => word !== '');
}
