// oxlint-disable no-control-regex -- control characters are what tells these files apart
/** Files that people hand in by mistake, by how their first characters look once read as UTF-8. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^(\uFFFD\uFFFD|\uFEFF?.?\u0000|[^\u0000]\u0000)/, 'UTF-16 text; save it as UTF-8'],
  [/^\u001f\uFFFD/, 'a gzip file; unpack it first'],
  [/^PK\u0003\u0004/, 'a ZIP file; unpack it first'],
  [/^PAR1/, 'a Parquet file; export it as JSONL first'],
  [/^%PDF-/, 'a PDF file'],
  [/^\(\uFFFD\/\uFFFD/, 'a zstd file; unpack it first'],
];

/** The text without its byte order mark. */
export function withoutBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * Why a file cannot be text, in words; null when it can. Looks at the first characters for well-known kinds of
 * file, then for NUL characters anywhere.
 */
export function whyNotText(text: string): string | null {
  if (text === '') return 'an empty file';
  const head = text.slice(0, 8);
  const known = SIGNATURES.find(([pattern]) => pattern.test(head));
  if (known !== undefined) return known[1];
  const nulAt = text.indexOf('\u0000');
  if (nulAt !== -1) return `a binary file (a NUL character at position ${nulAt})`;
  return text.trim() === '' ? 'a file of nothing but blanks' : null;
}
