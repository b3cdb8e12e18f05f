import { describeBody } from '../answer/failure/error-body.ts';
import { KINDS } from '../kinds/kinds.ts';
import { isRecord, parseJson } from '../parse/json.ts';

/** What a server says was wrong with a request; `unknown`: its words tell none of these. */
export type Blame =
  | { kind: 'model' }
  /** The prompt, with or without its answer, is longer than the model takes. */
  | { kind: 'context' }
  /** A field of the body, by the server's name for it, `stream_options.include_usage`. */
  | { kind: 'field'; field: string }
  | { kind: 'unknown' };

/**
 * Reads it from the error's code and type, from the field that it names (`param`, pydantic's `loc`), and from its
 * wording. Codes are many and new ones come, so words are looked for in them, not codes in a list.
 */
export function blameOf(status: number, bodyText: string): Blame {
  const body = parseJson(bodyText);
  const error = describeBody(body);
  const names = [error?.code ?? '', error?.type ?? ''].map((name) => plain(String(name)));
  const message = error?.message ?? bodyText;
  const field = fieldOf(body);
  if (status === 413 || names.some((name) => CONTEXT_CODE.test(name)) || CONTEXT_WORDS.test(message)) {
    return { kind: 'context' };
  }
  if (field === 'model' || names.some((name) => MODEL_CODE.test(name))) return { kind: 'model' };
  if (field !== null) return { kind: 'field', field };
  const inWords = FIELD_WORDS.exec(message)
    ?.slice(1)
    .find((name) => name !== undefined);
  if (inWords !== undefined && inWords !== 'model') return { kind: 'field', field: inWords };
  return inWords === 'model' || MODEL_WORDS.test(message) ? { kind: 'model' } : { kind: 'unknown' };
}

/** `model_not_found`, `ModelNotDeployed`, `unknown_model`, … */
const MODEL_CODE =
  /^(unknown|invalid|nosuch|unsupported|missing)model|model.*(not|unknown|invalid|unavailable|unsupported|missing|nosuch)/;
const MODEL_WORDS =
  /\b(unknown|invalid|no such|unrecogni[sz]ed|nonexistent|missing) model|no (healthy |available )?(deployment|endpoint|channel|provider)s?\b.{0,40}\bmodel|\bmodel\b.{0,100}?\b(not (be )?(found|exist|available|loaded|deployed|served|supported|allowed)|(does not|doesn't|not) exist|is unknown|unavailable)|not a valid model|\bno access to .{0,20}model|not have access to .{0,20}model|^model: /i;

const CONTEXT_CODE =
  /context(length|size|window)|(prompt|input|request|text|message)s?too(long|large)|stringabovemaxlength/;
const CONTEXT_WORDS =
  /context.?(length|size|window)|(prompt|input|message)s?\b.{0,40}\btoo (long|large)|(inputs?|prompt)\W.{0,60}(less|fewer|more) than \d+.{0,10}tokens|maximum (input|prompt).{0,20}tokens/i;

/** A field in quotes behind a word of refusal, or in front of one: what a message suggests instead comes later. */
const FIELD_WORDS =
  /(?:unknown|unsupported|unexpected|invalid|unrecogni[sz]ed|extra)\b[^'"`]{0,60}['"`]([a-z][\w.]*)['"`]|^['"`]?([a-z]\w*_\w+)['"`]?:? (?:is|are|must|cannot|should|does)\b/i;

/** The field that an error names apart from its message. LiteLLM writes Python's `None` where it has none. */
function fieldOf(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const error = isRecord(body['error']) ? body['error'] : body;
  const param = error['param'];
  if (typeof param === 'string' && !/^(|none|null|undefined)$/i.test(param)) return param;
  const inMessage = isRecord(body['message']) ? body['message']['detail'] : undefined;
  const detail = body['detail'] ?? inMessage;
  const [first]: unknown[] = Array.isArray(detail) ? detail : [];
  const place = isRecord(first) && Array.isArray(first['loc']) ? first['loc'] : [];
  return place.filter((part) => part !== 'body').join('.') || null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** The setting that puts a field into a request; null for one that this toolkit never sends by itself. */
const SETTING_OF_FIELD: ReadonlyMap<string, string> = new Map([
  ['max_tokens', 'LLM_MAX_TOKENS sets it, LLM_TOKEN_PARAM its name'],
  ['max_completion_tokens', 'LLM_MAX_TOKENS sets it, LLM_TOKEN_PARAM its name'],
  ['temperature', 'LLM_TEMPERATURE sets it'],
  ['stream', 'LLM_STREAM sets it'],
  ['stream_options', 'LLM_STREAM sets it'],
  ...KINDS.flatMap(({ askFields }) =>
    askFields.map((field): [string, string] => [field, 'LLM_DATASET and LLM_SYSTEM_PROMPT fill it']),
  ),
]);

/**
 * Why a run cannot start, in the server's own words, with what mends it where those words tell.
 *
 * @param said the failure in one line: status and the server's words.
 */
export function refusalReason(
  {
    kind,
    model,
    status,
    said,
    bodyText,
  }: { kind: string; model: string; status: number; said: string; bodyText: string },
  ownFields: readonly string[],
): string {
  const blame = blameOf(status, bodyText);
  switch (blame.kind) {
    case 'model':
      return `the server does not serve ${model} (${said}); set LLM_MIX`;
    case 'context':
      return `the prompt is longer than ${model} takes (${said}); LLM_INPUT_TOKENS, LLM_DATASET, LLM_SYSTEM_PROMPT and LLM_MAX_TOKENS set how long requests are`;
    case 'field': {
      const name = blame.field.split('.')[0] ?? '';
      const setting = ownFields.includes(name) ? 'LLM_EXTRA_BODY sets it' : SETTING_OF_FIELD.get(name);
      return `${model} refuses the field ${blame.field} (${said})${setting === undefined ? '' : `; ${setting}`}`;
    }
    case 'unknown':
      return status === 404 || status === 405
        ? `nothing takes ${kind} requests there, or not for ${model} (${said}); is LLM_BASE_URL right?`
        : `the request for ${model} was refused (${said})`;
  }
}
