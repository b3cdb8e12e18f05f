import type { Channel } from './answer-state.ts';

/**
 * The JSON text of a plain content event with a hole where its text was. An event that is the same around the hole
 * and holds a JSON string of at least one character in it means the same but for that text, so it need not be
 * parsed: docs/decisions/0022.
 */
export type DeltaTemplate = { name: string; head: string; tail: string; channel: Channel };

/** What a JSON string may hold without a quote around it. */
// oxlint-disable-next-line no-control-regex
const STRING_BODY = /^(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+$/;
// oxlint-disable-next-line no-control-regex
const PLAIN_BODY = /^[^"\\\u0000-\u001f]+$/;

/** True when the event is the template's but for its text. */
export function matchesTemplate(template: DeltaTemplate, name: string, data: string): boolean {
  const { head, tail } = template;
  const end = data.length - tail.length;
  if (end <= head.length || name !== template.name) return false;
  if (!data.startsWith(head) || !data.endsWith(tail)) return false;
  const body = data.slice(head.length, end);
  return PLAIN_BODY.test(body) || STRING_BODY.test(body);
}

/**
 * Makes a template of an event that was parsed in full and brought one piece of text, under `key`, and nothing
 * else. null when the piece's place is not certain: the key must stand there once, as a key, and nothing around it
 * may be escaped.
 */
export function makeTemplate(
  event: { name: string; data: string },
  { key, channel }: { key: string; channel: Channel },
): DeltaTemplate | null {
  const { name, data } = event;
  const quoted = `"${key}"`;
  const at = data.indexOf(quoted);
  if (at < 1 || data.indexOf(quoted, at + 1) !== -1) return null;
  const opening = /^\s*:\s*"/.exec(data.slice(at + quoted.length, at + quoted.length + 8));
  if (opening === null) return null;
  const start = at + quoted.length + opening[0].length;
  const end = endOfString(data, start);
  if (end === -1) return null;
  const head = data.slice(0, start);
  const tail = data.slice(end);
  return head.includes('\\') || tail.includes('\\') ? null : { name, head, tail, channel };
}

/** The place of the quote that ends the string whose text begins at `start`. */
function endOfString(json: string, start: number): number {
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return at;
  }
  return -1;
}
