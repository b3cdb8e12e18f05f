import { plainText } from '../../text/plain-text.ts';
// oxlint-disable-next-line no-control-regex
const BLANKS = /[\s\u0000-\u001f\u007f]+/g;
const MAX_CHARS = 120;
/** Read no more of a body than this: a page of megabytes has its title near the top. */
const MAX_READ_CHARS = 4000;

/**
 * What a body says, for a message: one line of at most 120 characters. A page is cut down to its title, or to its
 * text; what looks like a key is blotted out.
 */
export function snippetOf(bodyText: string): string {
  const head = bodyText.slice(0, MAX_READ_CHARS);
  const text = /^\s*<|<html|<title/i.test(head) ? pageText(head) : head;
  const line = plainText(redact(text).replace(BLANKS, ' ').trim());
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line;
}

function pageText(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim() ?? '';
  if (title !== '') return title;
  return html.replace(/<(script|style)[\s\S]*?(<\/\1\s*>|$)/gi, ' ').replace(/<[^>]*(>|$)/g, ' ');
}

/** Replaces what looks like a key: servers echo the one they refuse. */
export function redact(text: string): string {
  return text
    .replace(/\bBearer\s+[^\s"',;<>]+/gi, 'Bearer ***')
    .replace(/\b(sk|pk|rk|gsk|xai|key|hf)[-_][A-Za-z0-9*._-]{6,}/g, '$1-***')
    .replace(/\b(AIza|eyJ)[A-Za-z0-9._-]{16,}/g, '$1***')
    .replace(/(api[-_ ]?key["']?\s*(?:provided)?\s*[:=]\s*["']?)[^\s"',;<>.]{4,}/gi, '$1***');
}
