import type { Channel } from '../answer-state.ts';

/**
 * The JSON text of a plain content event with a hole where its text was. An event that is the same around the hole
 * and holds a JSON string of at least one character in it means the same but for that text, so it need not be
 * parsed: docs/decisions/0022.
 */
export type DeltaTemplate = {
  name: string;
  /** Up to the first character of the text. */
  head: string;
  /** From the quote that ends the text; up to the padding's first character, where there is padding. */
  middle: string;
  /** From the quote that ends the padding; null without padding. */
  tail: string | null;
  channel: Channel;
  choice: number;
};

/** What a JSON string may hold between its quotes. */
// oxlint-disable-next-line no-control-regex
const STRING_BODY = /^(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+$/;
// oxlint-disable-next-line no-control-regex
const PLAIN_BODY = /^[^"\\\u0000-\u001f]+$/;
/** OpenAI pads its events with random letters under this key, so that their length tells nothing; nobody reads it. */
const PADDING = '"obfuscation":"';

export function beginsLike({ name: own, head }: DeltaTemplate, name: string, data: string): boolean {
  // Slices are compared as memory; startsWith and endsWith go char by char.
  return name === own && data.slice(0, head.length) === head;
}

/**
 * The text of an event, as JSON spells it, when it is the template's but for its text and its padding; null when it
 * differs in more.
 */
export function spelledText(template: DeltaTemplate, name: string, data: string): string | null {
  if (!beginsLike(template, name, data)) return null;
  const { head, middle, tail } = template;
  if (tail !== null) return paddedText(data, { head, middle, tail });
  const end = data.length - middle.length;
  if (end <= head.length || data.slice(end) !== middle) return null;
  const body = data.slice(head.length, end);
  return PLAIN_BODY.test(body) || STRING_BODY.test(body) ? body : null;
}

/**
 * Whether events are all the template's but for their texts. They are looked at as one text, which takes k6's engine a
 * fifth of looking at each. False with padding, whatever they are.
 */
export function areAlike({ head, middle, tail }: DeltaTemplate, events: readonly string[]): boolean {
  if (tail !== null) return false;
  const joined = events.join('');
  const end = joined.length - middle.length;
  if (joined.slice(0, head.length) !== head || joined.slice(end) !== middle) return false;
  const bodies = joined.slice(head.length, end).split(middle + head);
  if (bodies.length !== events.length) return false;
  const around = head.length + middle.length;
  for (let at = 0; at < bodies.length; at += 1) {
    const { length } = bodies[at] ?? '';
    if (length === 0 || length + around !== (events[at] ?? '').length) return false;
  }
  // A blank between them: a text that ends with half an escape is not made whole by the next.
  const texts = bodies.join(' ');
  return PLAIN_BODY.test(texts) || STRING_BODY.test(texts);
}

/** With padding only texts without an escape are taken: their end is the first quote. */
function paddedText(
  data: string,
  { head, middle, tail }: { head: string; middle: string; tail: string },
): string | null {
  const end = data.indexOf('"', head.length);
  const from = end + middle.length;
  const to = data.length - tail.length;
  if (end <= head.length || to < from) return null;
  if (data.slice(end, from) !== middle || data.slice(to) !== tail) return null;
  const body = data.slice(head.length, end);
  return PLAIN_BODY.test(body) && (from === to || PLAIN_BODY.test(data.slice(from, to))) ? body : null;
}

/**
 * Makes a template of an event that was parsed in full and brought one piece of text, under `key`, and nothing
 * else. null when the piece's place is not certain: the key must stand there once, as a key, and nothing around it
 * may be escaped.
 */
export function makeTemplate(
  event: { name: string; data: string },
  piece: { key: string; channel: Channel; choice: number },
): DeltaTemplate | null {
  const { name, data } = event;
  const { key, channel, choice } = piece;
  const quoted = `"${key}"`;
  const at = data.indexOf(quoted);
  if (at < 1 || data.indexOf(quoted, at + 1) !== -1) return null;
  const opening = /^\s*:\s*"/.exec(data.slice(at + quoted.length, at + quoted.length + 8));
  if (opening === null) return null;
  const start = at + quoted.length + opening[0].length;
  const end = endOfString(data, start);
  if (end === -1) return null;
  const head = data.slice(0, start);
  const rest = data.slice(end);
  return head.includes('\\') || rest.includes('\\')
    ? null
    : { name, head, ...splitPadding(rest), channel, choice };
}

function splitPadding(rest: string): { middle: string; tail: string | null } {
  const at = rest.indexOf(PADDING);
  if (at === -1) return { middle: rest, tail: null };
  const from = at + PADDING.length;
  return { middle: rest.slice(0, from), tail: rest.slice(rest.indexOf('"', from)) };
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
