import { isRecord, parseJson } from '../parse/json.ts';

/** What a request asked its answer's text to be: JSON, with these keys at its top. */
export type WantedJson = { required: readonly string[] };

/**
 * What a request asks its answer to be, by its fields: `response_format` (chat), `text.format` (Responses), `output_format`
 * or `output_config.format` (Anthropic).
 *
 * @returns null where any text will do.
 */
export function wantedJson(fields: Readonly<Record<string, unknown>>): WantedJson | null {
  const candidates = [
    fields['response_format'],
    inside(fields['text'], 'format'),
    fields['output_format'],
    inside(fields['output_config'], 'format'),
  ];
  const format = candidates.find((value) => isRecord(value) && String(value['type']).startsWith('json'));
  if (!isRecord(format)) return null;
  const schema = inside(format['json_schema'], 'schema') ?? format['schema'];
  const required = isRecord(schema) ? schema['required'] : null;
  return { required: Array.isArray(required) ? required.filter((key) => typeof key === 'string') : [] };
}

function inside(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Why a text is not what was asked for, without a word of it; null: it is. */
export function whyInvalid(text: string, { required }: WantedJson): string | null {
  const value = parseJson(text);
  if (value === undefined) return text.trim() === '' ? 'no text at all' : 'no JSON';
  if (required.length === 0) return null;
  if (!isRecord(value)) return 'no JSON object';
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  return missing.length === 0 ? null : `without ${missing.join(', ')}`;
}
