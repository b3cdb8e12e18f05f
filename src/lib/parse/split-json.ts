/** What may stand between two objects: white space, commas, and the field name that should have begun a new event. */
const BETWEEN = /(?:[\s,]|data:)*/y;

/**
 * The JSON values of a text in which objects and lists stand one behind the other, `{…}{…}`, with nothing but white
 * space or `data:` between them; null when it is anything else.
 */
export function splitJson(text: string): unknown[] | null {
  const values: unknown[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const end = endOfValue(text, at);
    if (end === -1) return null;
    try {
      values.push(JSON.parse(text.slice(at, end)));
    } catch {
      return null;
    }
    at = skip(text, end);
  }
  return values.length === 0 ? null : values;
}

function skip(text: string, from: number): number {
  BETWEEN.lastIndex = from;
  BETWEEN.exec(text);
  return BETWEEN.lastIndex;
}

/** The place behind the object or list that begins here; -1 when none begins, or it does not end. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char === '\\') at += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth === 0 && !isQuoted) return char === '}' || char === ']' ? at + 1 : -1;
  }
  return -1;
}
