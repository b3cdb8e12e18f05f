/** C0, DEL, C1 and bidi, in a word that can be found again. */
export const EVIL = 'ev\u001b[31m\u0007\u0008il\u007f\u009b2J\u202e\u2066';
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Answers of which every name is such a word. */
export const BODIES: readonly object[] = [
  { error: { message: EVIL, code: EVIL, type: EVIL } },
  {
    model: EVIL,
    choices: [{ index: 0, message: { content: 'Hi' }, delta: { content: 'Hi' }, finish_reason: EVIL }],
  },
  { detail: [{ loc: ['body', EVIL], msg: EVIL, type: EVIL }] },
  { type: 'message_start', message: { model: EVIL, stop_reason: EVIL } },
];

/** What is raw in a text, with what stands around it. */
export function rawIn(text: string): string[] {
  const at = text.replaceAll('\r\n', '\n').search(OBEYED);
  return at === -1 ? [] : [JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))];
}
