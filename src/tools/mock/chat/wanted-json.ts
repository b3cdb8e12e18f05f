import { isRecord } from '../../../lib/parse/json.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';

/** Deeper objects of a schema stay empty. */
const MAX_DEPTH = 4;

/**
 * What stands around the words of an answer that must be JSON: `response_format` of chat, `text.format` of the Responses
 * API. With a schema it holds the required keys, each with the plainest value of its type; null: any text will do.
 */
export function wantedJson(field: (name: string) => unknown): AnswerPlan['json'] {
  const own = field('response_format');
  const text = field('text');
  const format = isRecord(own) ? own : isRecord(text) && isRecord(text['format']) ? text['format'] : null;
  if (format === null) return null;
  if (format['type'] === 'json_object') return around({}, 'text');
  if (format['type'] !== 'json_schema') return null;
  const named = isRecord(format['json_schema']) ? format['json_schema'] : format;
  const schema = isRecord(named['schema']) ? named['schema'] : {};
  const members = plainValue(schema, 0);
  if (!isRecord(members)) return around({}, 'text');
  const worded = Object.keys(members).find((key) => members[key] === '') ?? 'text';
  return around(members, worded);
}

/** The words are the value of `key`, the last one. */
function around(members: Readonly<Record<string, unknown>>, key: string): AnswerPlan['json'] {
  const others = Object.entries(members).filter(([name]) => name !== key);
  const before = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`).join('');
  return { opening: `{${before}${JSON.stringify(key)}:"`, closing: '"}' };
}

function plainValue(schema: unknown, depth: number): unknown {
  if (!isRecord(schema)) return '';
  const { enum: allowed, const: fixed, properties, required } = schema;
  if (fixed !== undefined) return fixed;
  if (Array.isArray(allowed) && allowed.length > 0) return allowed[0];
  const { type } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object': {
      if (depth >= MAX_DEPTH || !isRecord(properties)) return {};
      const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
      const members = names.map((name) => [name, plainValue(ownOf(properties, name), depth + 1)] as const);
      return Object.fromEntries(members);
    }
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return '';
  }
}

function ownOf(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
