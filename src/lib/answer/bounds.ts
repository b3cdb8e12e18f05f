/**
 * What one answer may hold. Far above any that is meant (docs/security.md has the reasons): an answer beyond fails, and
 * with it its request alone.
 */
export const BOUNDS = {
  /** A line of a stream, a comment too, and an event of several lines: room for a picture in base64. */
  lineChars: 16 * 1024 * 1024,
  /** A stream's answer that is no stream but JSON or a page. */
  bodyChars: 16 * 1024 * 1024,
  /** A blocking answer as it came, and unpacked. Embeddings of a large batch take some 20 MB. */
  answerBytes: 64 * 1024 * 1024,
  /** Events of one stream. */
  events: 1_000_000,
  choices: 1000,
  toolCalls: 1000,
  /** Texts that are kept: of conversations, of tool calls. */
  keptChars: 16 * 1024 * 1024,
} as const;

/** What an answer has too much of, for people. */
export function excessOf(bound: keyof typeof BOUNDS): string {
  const limit = BOUNDS[bound];
  switch (bound) {
    case 'lineChars':
      return `a line of more than ${inMegabytes(limit)}`;
    case 'bodyChars':
    case 'answerBytes':
      return `more than ${inMegabytes(limit)}`;
    case 'keptChars':
      return `more than ${inMegabytes(limit)} of text`;
    case 'events':
      return `more than ${limit} events`;
    case 'choices':
      return `more than ${limit} choices`;
    case 'toolCalls':
      return `more than ${limit} tool calls`;
  }
}

function inMegabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
