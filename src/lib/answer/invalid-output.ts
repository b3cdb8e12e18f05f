import { type JsonRecord, isRecord, parseJson } from '../parse/json.ts';
import { whyNotOfSchema } from './why-not-of-schema.ts';

/** What a request asked its answer's text to be: JSON, of this schema; null: any. */
export type WantedJson = { schema: JsonRecord | null };

/**
 * What a request asks its answer to be, by its fields: `response_format` (chat; TGI's has the schema as `value`), `text.format`
 * (Responses), `output_format` or `output_config.format` (Anthropic), `guided_json` or `structured_outputs.json` (vLLM).
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
  if (isRecord(format)) {
    const schema = inside(format['json_schema'], 'schema') ?? format['schema'] ?? format['value'];
    return { schema: isRecord(schema) ? schema : null };
  }
  const guided = fields['guided_json'] ?? inside(fields['structured_outputs'], 'json');
  const schema = typeof guided === 'string' ? parseJson(guided) : guided;
  return isRecord(schema) ? { schema } : null;
}

function inside(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Why a text is not what was asked for, without a word of it; null: it is. */
export function whyInvalid(text: string, { schema }: WantedJson): string | null {
  const value = parseJson(text);
  if (value === undefined) return text.trim() === '' ? 'no text at all' : 'no JSON';
  return schema === null ? null : whyNotOfSchema(value, schema);
}
