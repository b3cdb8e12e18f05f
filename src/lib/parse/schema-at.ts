import { type JsonRecord, isRecord } from './json.ts';

const MAX_HOPS = 8;

/** A JSON schema, or the one that it refers to within `root` (`{"$ref": "#/$defs/Address"}`); null where there is none. */
export function schemaAt(given: unknown, root: JsonRecord): JsonRecord | null {
  let schema = given;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    if (!isRecord(schema)) return null;
    const ref = schema['$ref'];
    if (typeof ref !== 'string') return schema;
    if (!/^#(\/|$)/.test(ref)) return null;
    const names = ref.split('/').slice(1);
    schema = names.reduce<unknown>((holder, name) => {
      const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
      return isRecord(holder) && Object.hasOwn(holder, key) ? holder[key] : null;
    }, root);
  }
  return null;
}
