import { type JsonRecord, isRecord } from '../parse/json.ts';
import { schemaAt } from '../parse/schema-at.ts';

/** Deeper values are not looked at, nor forms within forms of one value: a schema may refer to itself. */
const MAX_DEPTH = 32;
const MAX_FORMS = 4;

/**
 * Why a value is not of a JSON schema, by its place in it and without a word of the value; null: it is. It knows what the servers'
 * structured outputs promise (OpenAI's and Anthropic's guides, 2026-11): types, required keys, keys that must not be there, enums
 * and constants, items, `anyOf`, `$ref` within the schema. Lengths, ranges and patterns are passed over.
 */
export function whyNotOfSchema(value: unknown, schema: JsonRecord): string | null {
  return whyNot(value, schema, { root: schema, place: '', depth: 0, forms: 0 });
}

type Place = { root: JsonRecord; place: string; depth: number; forms: number };

function whyNot(value: unknown, given: unknown, at: Place): string | null {
  const schema = schemaAt(given, at.root);
  if (given === false) return `${shown(at)}more than it may hold`;
  if (schema === null || at.depth > MAX_DEPTH || at.forms > MAX_FORMS) return null;
  const { type, enum: allowed, const: fixed } = schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length > 0 && !types.some((one) => isOfType(value, one)))
    return `${shown(at)}no ${types.join(' or ')}`;
  if (Array.isArray(allowed) && !allowed.some((one: unknown) => isSame(one, value)))
    return `${shown(at)}none of its enum`;
  if (fixed !== undefined && !isSame(fixed, value)) return `${shown(at)}not its constant`;
  return whyNotInside(value, schema, at) ?? whyNotOfSeveral(value, schema, at);
}

function whyNotInside(value: unknown, schema: JsonRecord, at: Place): string | null {
  const required = (Array.isArray(schema['required']) ? schema['required'] : []).map(String);
  if (!isRecord(value) && required.length > 0) return `${shown(at)}no object`;
  if (Array.isArray(value)) {
    const first: readonly unknown[] = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
    return firstOf(value, (item, index) =>
      whyNot(item, first[index] ?? schema['items'], below(at, String(index))),
    );
  }
  if (!isRecord(value)) return null;
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  if (missing.length > 0) return `without ${missing.map((key) => below(at, key).place).join(', ')}`;
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  return firstOf(Object.entries(value), ([key, inner]) => {
    if (Object.hasOwn(properties, key)) return whyNot(inner, properties[key], below(at, key));
    const others = schema['additionalProperties'];
    // A key that must not be there is the model's own word: it is not shown.
    return others === false ? `${shown(at)}with a key of its own` : whyNot(inner, others, below(at, '*'));
  });
}

function whyNotOfSeveral(value: unknown, schema: JsonRecord, at: Place): string | null {
  const one = { ...at, forms: at.forms + 1 };
  const all: readonly unknown[] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const failed = firstOf(all, (part) => whyNot(value, part, one));
  if (failed !== null) return failed;
  const either: unknown = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(either) || either.length === 0) return null;
  const isOne = either.some((part: unknown) => whyNot(value, part, one) === null);
  return isOne ? null : `${shown(at)}none of its forms`;
}

function firstOf<T>(values: readonly T[], why: (value: T, index: number) => string | null): string | null {
  for (const [index, value] of values.entries()) {
    const reason = why(value, index);
    if (reason !== null) return reason;
  }
  return null;
}

function below({ root, place, depth }: Place, key: string): Place {
  return { root, place: place === '' ? key : `${place}.${key}`, depth: depth + 1, forms: 0 };
}

function shown({ place }: Place): string {
  return place === '' ? '' : `${place}: `;
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
