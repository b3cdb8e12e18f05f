/**
 * Characters that a terminal obeys instead of showing them, or that turn the order of what stands around them: C0 but for
 * tab and line feed, DEL, C1, the marks and overrides of writing direction, the separators of lines and paragraphs.
 */
const obeyed = (): RegExp =>
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/** Stands where such a character was: `U+FFFD`. */
const SHOWN = '\ufffd';

/** A text of a server's or a file's, fit for a terminal, a table and a page: line ends and tabs stay. */
export function plainText(text: string): string {
  return text.replace(obeyed(), SHOWN);
}

/** A name likewise, on one line: a model's, a finish reason, a content type. */
export function plainName(name: string): string {
  // Nearly every name; and the first regular expression costs a VU 20 kB.
  return isPrintableAscii(name) ? name : plainText(name.replace(/[\t\n\r]/g, ' '));
}

function isPrintableAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/** JSON for a terminal: the same value, its characters that a terminal obeys in escapes. */
export function plainJsonText(json: string): string {
  return json.replace(obeyed(), (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
