import { secretPartsOf } from '../../lib/answer/failure/secrets.ts';
import { type JsonRecord, isRecord } from '../../lib/parse/json.ts';

/** Names under which clients put keys into a body: gateways' own fields, MCP servers among the tools. */
const KEY_NAME =
  /^(x[-_])?((proxy[-_])?authorization([-_]token)?|(\w+[-_])?(api[-_]?)?key|(\w+[-_])?token|bearer|(\w+[-_])?secret([-_]\w+)?|passw(or)?d|credentials?|cookie)$/i;
/** Of these some name is a key's, and nobody knows which. */
const HEADERS = /^(\w+[-_])?headers$/i;
/** Here a name is one of an answer's or a call's. */
const SCHEMAS = ['parameters', 'input_schema', 'schema', 'properties', 'guided_json'];
/** They name a place in a cache, and no door. */
const NO_KEYS = ['prompt_cache_key'];

export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && !NO_KEYS.includes(name);
}

/** Fields of a body without keys and headers, however deep they stand, and what was taken out. */
export function withoutKeys(fields: JsonRecord): { fields: JsonRecord; keys: readonly string[] } {
  const keys: string[] = [];
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return withoutSecretParts(value, keys);
    if (Array.isArray(value)) return value.map(clean);
    if (!isRecord(value)) return value;
    const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      if (SCHEMAS.includes(name)) return [[name, inner]];
      const isKey = HEADERS.test(name) || (isKeyName(name) && (typeof inner === 'string' || isRecord(inner)));
      if (isKey) keys.push(...textsIn(inner));
      return isKey ? [] : [[name, clean(inner)]];
    });
    return Object.fromEntries(kept);
  };
  const cleaned = clean(fields);
  return { fields: isRecord(cleaned) ? cleaned : {}, keys };
}

/** User, password and query of an address. */
function withoutSecretParts(text: string, keys: string[]): string {
  if (!/^\w+:\/\/\S+$/.test(text)) return text;
  keys.push(...secretPartsOf(text).filter((part) => part !== ''));
  return text.replace(/^(\w+:\/\/)[^/?#]*@/, '$1***@').replace(/([?&][^=&]*=)[^&#]+/g, '$1***');
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const inner: readonly unknown[] = isRecord(value)
    ? Object.values(value)
    : Array.isArray(value)
      ? value
      : [];
  return inner.flatMap(textsIn);
}
