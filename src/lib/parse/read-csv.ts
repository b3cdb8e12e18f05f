/** One record of a CSV file. */
export type CsvRecord = {
  /** The line on which it starts, from 1. */
  line: number;
  fields: string[];
  /** A quoted field of it never ends, so it holds the rest of the file. */
  unclosedQuote: boolean;
};

/** What parts the fields of a file: of comma, semicolon and tab the one that its first line has most of. */
export function delimiterOf(text: string): string {
  const first = text.slice(0, endOfLine(text, 0));
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: first.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}

/**
 * Reads CSV as RFC 4180 has it: fields in double quotes may hold delimiters, line breaks and doubled quotes;
 * lines end in LF or CRLF. Blank lines are no records. A quote inside an unquoted field is taken as it is.
 *
 * It looks for delimiters with `indexOf` and never goes character by character: in k6's engine that would take
 * minutes for a large file.
 *
 * @param text without a byte order mark.
 * @param onRecord called for each record in order.
 */
export function readCsv(text: string, delimiter: string, onRecord: (record: CsvRecord) => void): void {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const plain = text.slice(at, lineEnd);
    if (!plain.includes('"')) {
      const trimmed = plain.endsWith('\r') ? plain.slice(0, -1) : plain;
      if (trimmed.trim() !== '') onRecord({ line, fields: trimmed.split(delimiter), unclosedQuote: false });
      at = lineEnd + 1;
      line++;
      continue;
    }
    const { fields, next, lines, unclosedQuote } = readQuotedRecord(text, at, delimiter);
    onRecord({ line, fields, unclosedQuote });
    at = next;
    line += lines;
  }
}

/** A record that holds at least one quote, from `start` on. */
function readQuotedRecord(text: string, start: number, delimiter: string) {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? readQuotedField(text, at + 1) : null;
    const from = field === null ? at : field.next;
    const lineEnd = endOfLine(text, from);
    const delimiterAt = text.indexOf(delimiter, from);
    const isLast = delimiterAt === -1 || delimiterAt > lineEnd;
    const rest = text.slice(from, isLast ? lineEnd : delimiterAt);
    const tail = isLast && rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    fields.push(field === null ? tail : field.value + tail);
    if (isLast) {
      const next = lineEnd + 1;
      const unclosedQuote = field !== null && field.unclosed;
      return { fields, next, lines: countLines(text, start, lineEnd) + 1, unclosedQuote };
    }
    at = delimiterAt + 1;
  }
}

/** The field whose opening quote stands before `start`, up to its closing quote. */
function readQuotedField(text: string, start: number): { value: string; next: number; unclosed: boolean } {
  let value = '';
  let at = start;
  for (;;) {
    const quoteAt = text.indexOf('"', at);
    if (quoteAt === -1) return { value: value + text.slice(at), next: text.length, unclosed: true };
    value += text.slice(at, quoteAt);
    if (text[quoteAt + 1] !== '"') return { value, next: quoteAt + 1, unclosed: false };
    value += '"';
    at = quoteAt + 2;
  }
}

function endOfLine(text: string, from: number): number {
  const lineFeedAt = text.indexOf('\n', from);
  return lineFeedAt === -1 ? text.length : lineFeedAt;
}

/** Line feeds from `from` up to, not including, `to`. */
function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
