/** Response headers as k6 and the meter give them: one text a name, in whatever case the server wrote it. */
export type Headers = Readonly<Record<string, string>>;

/** A header's value by its lower-case name, trimmed; null when it is not there. */
export function findHeader(headers: Headers, lowerName: string): string | null {
  const direct = headers[lowerName];
  if (direct !== undefined) return direct.trim();
  for (const name of Object.keys(headers)) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) {
      return headers[name]?.trim() ?? null;
    }
  }
  return null;
}
