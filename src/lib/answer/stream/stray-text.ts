/** `[DONE]`, with what white space may stand around it. */
const MAX_DONE_CHARS = 64;
/** As OpenAI writes it, in quotes, or without its brackets. */
const DONE = /^[\s"]*\[?DONE\]?[\s"]*$/;
/** `name: text`, where a server writes a field that no standard knows. */
const FIELD = /^([\w .-]{1,40}?)\s*:\s*([\s\S]*)$/;
/** A text that is no message: a relay's comment, an end mark of its own, JSON that was cut. `[ERROR] gone` is one. */
const NO_WORDS = /^([:{]|\[[^a-z]|\W*$|\[?done\]?$|null$)/i;

/** Whether an event's data say that nothing more comes. */
export function isDoneMark(data: string): boolean {
  return data.length < MAX_DONE_CHARS && DONE.test(data);
}

/** The field that a line outside every event names, and what it says; both empty: it names none. */
export function strayField(text: string): { field: string; value: string } {
  const [, field = '', value = ''] = FIELD.exec(text) ?? [];
  return { field, value };
}

/** Whether a text where an event should be may be the server's own words on what went wrong. */
export function isMessage(text: string): boolean {
  return !NO_WORDS.test(text.trim());
}
