/** A JSON object as it stands in a file, or as it goes to the server. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Parses JSON from outside; undefined when it is none. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for a JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a JSON object from outside; null when it is none. */
export function parseJsonRecord(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return isRecord(value) ? value : null;
}

/** Parses the JSON of a file, which editors may begin with a byte order mark; undefined when it is none. */
export function parseJsonFile(text: string): unknown {
  return parseJson(text.replace(/^\uFEFF/, ''));
}
