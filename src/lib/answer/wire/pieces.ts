import { isRecord } from '../../parse/json.ts';
import { type AnswerState, SUMMARY_KEY } from '../answer-state.ts';

/** A field of an answer: where it stands, and whatever it holds. */
export type Field = { choice: number; key: string; value: unknown };

type TextChannel = 'answer' | 'reasoning';

/** Where text stands in an object, in the order of preference: some relays send the same text twice. */
const TEXT_KEYS = ['text', 'content', 'value', 'refusal', 'transcript', 'parts', 'output_text'];
const REASONING_KEYS = ['thinking', 'reasoning_content', 'reasoning', 'reasoning_text', SUMMARY_KEY];
const DATA_KEYS = ['data', 'b64_json', 'url', 'image_url', 'result', 'partial_image_b64'];
/** Deeper than any wire; what goes on is not read. */
const MAX_DEPTH = 6;

/**
 * Adds the text of a field, in whatever shape it comes: a text, a number, a list of parts, an object of one. Parts
 * that call themselves reasoning go there; encrypted ones are no output.
 *
 * @returns whether it held any output.
 */
export function addPieces(state: AnswerState, channel: TextChannel, field: Field, depth = 0): boolean {
  const { choice, key, value } = field;
  if (typeof value === 'string' || typeof value === 'number') {
    if (value === '') return false;
    state.addText(channel, { choice, key, text: String(value) });
    return true;
  }
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    const added = value.map((part: unknown) =>
      addPieces(state, channel, { choice, key, value: part }, depth + 1),
    );
    return added.includes(true);
  }
  return isRecord(value) && addPart(state, channel, { choice, key, value }, depth);
}

function addPart(
  state: AnswerState,
  channel: TextChannel,
  { choice, key, value: part }: { choice: number; key: string; value: Record<string, unknown> },
  depth: number,
): boolean {
  const type = typeof part['type'] === 'string' ? part['type'] : '';
  if (isHidden(type, part)) {
    state.addHiddenReasoning();
    return false;
  }
  const own = /reasoning|thinking|thought/.test(type) || part['thought'] === true ? 'reasoning' : channel;
  const first = (keys: readonly string[], to: TextChannel): boolean =>
    keys.some((name) => {
      const named = key === SUMMARY_KEY ? SUMMARY_KEY : name;
      return addPieces(state, to, { choice, key: named, value: part[name] }, depth + 1);
    });
  const thought = first(REASONING_KEYS, 'reasoning');
  const said = first(TEXT_KEYS, own);
  if (thought || said) return true;
  if (!/image|audio|video|file/.test(type) || !DATA_KEYS.some((name) => holdsData(part[name]))) return false;
  state.addOutput(own, choice);
  return true;
}

/** An encrypted blob, or a signature over reasoning, without text beside it. */
function isHidden(type: string, part: Record<string, unknown>): boolean {
  if (/encrypted|redacted/.test(type)) return true;
  return ['encrypted_content', 'signature', 'thought_signature', 'redacted_content'].some(
    (key) => typeof part[key] === 'string' && part[key] !== '' && !hasText(part),
  );
}

function hasText(part: Record<string, unknown>): boolean {
  return [...TEXT_KEYS, ...REASONING_KEYS].some((key) => {
    const value = part[key];
    return Array.isArray(value)
      ? value.length > 0
      : isRecord(value) || (typeof value === 'string' && value !== '');
  });
}

function holdsData(value: unknown): boolean {
  return isRecord(value) ? Object.values(value).some(holdsData) : typeof value === 'string' && value !== '';
}

/** A list's objects, where one may stand alone, or under its number: `{"0": {…}}`. */
export function recordsIn(value: unknown, keys: readonly string[]): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter(isRecord);
  if (!isRecord(value)) return [];
  return keys.some((key) => Object.hasOwn(value, key)) ? [value] : Object.values(value).filter(isRecord);
}

/** Arguments are JSON in a text; Ollama sends the object itself. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  const isEmpty = isRecord(value) && Object.keys(value).length === 0;
  return (isRecord(value) && !isEmpty) || Array.isArray(value) ? JSON.stringify(value) : '';
}
