import { STATUS_CODES } from 'node:http';
import type { Header } from './message-head.ts';

/** Header lines of an answer, by names that we write ourselves. */
export type HeaderLines = Readonly<Record<string, string>>;

/** Not HTTP's own, but Anthropic's. */
const REASONS: Readonly<Record<number, string>> = { ...STATUS_CODES, 529: 'Overloaded' };

/**
 * An answer's status line and headers, the empty line included.
 *
 * @param others headers whose names come from elsewhere.
 */
export function renderHead(status: number, headers: HeaderLines, others: readonly Header[] = []): string {
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Unknown'}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name] ?? ''}\r\n`;
  for (const [name, value] of others) head += `${name}: ${value}\r\n`;
  return `${head}\r\n`;
}
