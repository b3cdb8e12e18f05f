import { wantedJson } from '../../../lib/answer/invalid-output.ts';
import type { AnswerPlan, AroundWords } from '../../../lib/kinds/mock/answer-plan.ts';
import { type JsonRecord, isRecord } from '../../../lib/parse/json.ts';
import { schemaAt } from '../../../lib/parse/schema-at.ts';

/** Deeper values of a schema are null: it may refer to itself. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
/** Where the words go. */
const WORDS = '\u0000';

const FIELDS = 'response_format text output_format output_config guided_json structured_outputs'.split(' ');

/**
 * What stands around the words of an answer that must be JSON, as the fields of its request say. With a schema it is the plainest
 * value of it; null: any text will do.
 */
export function jsonFrame(field: (name: string) => unknown): AnswerPlan['json'] {
  const wanted = wantedJson(Object.fromEntries(FIELDS.map((name) => [name, field(name)])));
  return wanted === null ? null : aroundWords(wanted.schema);
}

/** The plainest value of a schema, its first free text left open for the words; null: an object with nothing but them. */
export function aroundWords(schema: JsonRecord | null): AroundWords {
  const value = schema === null ? { text: WORDS } : plainValue(schema, { root: schema, depth: 0 });
  const [opening = '', ...behind] = JSON.stringify(value).split(JSON.stringify(WORDS));
  if (behind.length > 0) return { opening: `${opening}"`, closing: `"${behind.join('""')}`, isBlank: false };
  // No text in it: blanks stand for the words, in front of what closes it.
  const last = /[}\]]$/.test(opening) ? opening.length - 1 : opening.length;
  return { opening: opening.slice(0, last), closing: opening.slice(last), isBlank: true };
}

function plainValue(given: unknown, { root, depth }: { root: JsonRecord; depth: number }): unknown {
  const schema = schemaAt(given, root);
  if (schema === null) return WORDS;
  if (depth > MAX_DEPTH) return null;
  const { enum: allowed, const: fixed, type, items } = schema;
  if (fixed !== undefined) return fixed;
  if (Array.isArray(allowed) && allowed.length > 0) return allowed[0];
  const [form]: unknown[] = [schema['anyOf'], schema['oneOf'], schema['allOf']].find(Array.isArray) ?? [];
  if (form !== undefined && type === undefined) return plainValue(form, { root, depth: depth + 1 });
  switch (Array.isArray(type) ? type[0] : (type ?? (isRecord(schema['properties']) ? 'object' : 'string'))) {
    case 'object':
      return plainObject(schema, { root, depth });
    case 'array': {
      const least = schema['minItems'];
      const length = typeof least === 'number' ? Math.min(least, MAX_ITEMS) : 0;
      return Array.from({ length }, () => plainValue(items, { root, depth: depth + 1 }));
    }
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return WORDS;
  }
}

function plainObject(
  { properties, required, additionalProperties }: JsonRecord,
  { root, depth }: { root: JsonRecord; depth: number },
): JsonRecord {
  const own = isRecord(properties) ? properties : {};
  const names = (Array.isArray(required) ? required : []).filter((name) => typeof name === 'string');
  const members = names.map((name) => {
    const schema = Object.hasOwn(own, name) ? own[name] : undefined;
    return [name, plainValue(schema, { root, depth: depth + 1 })] as const;
  });
  // At its top there is room for the words, where it may hold more than it must.
  const isOpen =
    depth === 0 &&
    (Object.hasOwn(own, 'text')
      ? plainValue(own['text'], { root, depth: 1 }) === WORDS
      : additionalProperties !== false);
  const hasRoom = members.some(
    ([, value]) => JSON.stringify(value)?.includes(JSON.stringify(WORDS)) === true,
  );
  return Object.fromEntries(isOpen && !hasRoom ? [...members, ['text', WORDS]] : members);
}
