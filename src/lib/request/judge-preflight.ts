import type { Attempt } from '../answer/attempt.ts';
import { isRecord, parseJson } from '../parse/json.ts';
import type { Adaptation } from './build-body.ts';
import { blameOf, refusalReason } from './refusal.ts';

/** Most output tokens that a preflight request may cost. */
export const PREFLIGHT_MAX_TOKENS = 16;

/** What the one request before the load tells: go on, ask again without a field, or do not start at all. */
export type PreflightStep =
  | { kind: 'go-on'; note: string | null }
  | { kind: 'adapt'; adaptation: Adaptation; note: string }
  | { kind: 'stop'; reason: string };

/** What was asked, and what came back. */
export type PreflightAnswer = {
  attempt: Attempt;
  bodyText: string;
  /** What was asked for, as `LLM_KIND` names it. */
  kind: string;
  model: string;
  /** The name under which the limit was sent; null when the user's own body held it. */
  tokenParam: string | null;
  adaptation: Adaptation;
  /** The user set `LLM_TEMPERATURE`: it is not dropped behind his back. */
  temperatureIsSet: boolean;
  /** The fields of `LLM_EXTRA_BODY`. */
  ownFields: readonly string[];
};

/**
 * Decides on one answer. A field that the server refuses by name is left out or renamed, once, for this run; a
 * wrong key, an unknown model, a spent quota or any other refused request stops it. What may pass (429, 5xx, a
 * time-out) does not stop a load test.
 */
export function judgePreflight(answer: PreflightAnswer): PreflightStep {
  const { attempt, kind, model, bodyText } = answer;
  const { outcome, status } = attempt;
  if (outcome.kind !== 'failed') return { kind: 'go-on', note: null };
  const { error, message } = outcome;
  const refused = { kind, model, status, said: message, bodyText };
  switch (error) {
    case 'auth':
      return {
        kind: 'stop',
        reason:
          blameOf(status, bodyText).kind === 'model'
            ? refusalReason(refused, answer.ownFields)
            : `the key was refused for ${model} (${message}); set LLM_API_KEY`,
      };
    case 'quota':
      return { kind: 'stop', reason: `the account has no quota left for ${model} (${message})` };
    case 'bad_request':
      return adapt(answer) ?? { kind: 'stop', reason: refusalReason(refused, answer.ownFields) };
    case 'rate_limited':
    case 'server':
    case 'overloaded':
    case 'timeout':
    case 'network':
    case 'stream_error':
    case 'truncated':
    case 'empty':
    case 'invalid':
    case 'content_filter':
      return { kind: 'go-on', note: `preflight of ${model} failed, ${error}: ${message}` };
  }
}

function adapt(answer: PreflightAnswer): PreflightStep | null {
  const { adaptation, tokenParam, model, temperatureIsSet } = answer;
  const refused = refusedField(answer.attempt.status, answer.bodyText);
  if (refused === 'stream_options' && !adaptation.withoutStreamOptions) {
    return {
      kind: 'adapt',
      adaptation: { ...adaptation, withoutStreamOptions: true },
      note: `${model} refuses stream_options: streams are sent without it, so token counts may be unknown`,
    };
  }
  if (refused !== null && refused === tokenParam && adaptation.tokenParam === null) {
    const other = refused === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    return {
      kind: 'adapt',
      adaptation: { ...adaptation, tokenParam: other },
      note: `${model} refuses ${refused}: the limit is sent as ${other}`,
    };
  }
  if (refused === 'temperature' && !adaptation.withoutTemperature) {
    if (temperatureIsSet) {
      return {
        kind: 'stop',
        reason: `${model} refuses the temperature that LLM_TEMPERATURE sets; leave it empty`,
      };
    }
    return {
      kind: 'adapt',
      adaptation: { ...adaptation, withoutTemperature: true },
      note: `${model} refuses temperature: it is left out`,
    };
  }
  return null;
}

const FIELDS = ['stream_options', 'max_completion_tokens', 'max_tokens', 'temperature'] as const;
type Field = (typeof FIELDS)[number];

const REFUSAL =
  /unknown|unsupported|not (be )?(supported|allowed|permitted|accepted|recogni[sz]ed|take)|does not (take|support|accept)|doesn't (take|support|accept)|unrecogni[sz]ed|unexpected|extra|forbidden|invalid|only the default/i;

/**
 * The field that a 400 or 422 refuses by name, null when it complains of something else. Read from OpenAI's
 * `param`, from pydantic's `loc`, else from the message when it also says that something is refused.
 */
export function refusedField(status: number, bodyText: string): Field | null {
  if (status !== 400 && status !== 422) return null;
  const body = parseJson(bodyText);
  if (body === undefined) return named(bodyText);
  if (!isRecord(body)) return null;
  // Mistral puts pydantic's list inside `message`.
  const inMessage = isRecord(body['message']) ? body['message']['detail'] : undefined;
  const detail = body['detail'] ?? inMessage;
  if (Array.isArray(detail))
    return fieldOf(detail.flatMap((entry: unknown) => (isRecord(entry) ? entry['loc'] : [])));
  const error = isRecord(body['error']) ? body['error'] : body;
  const param = error['param'];
  // LiteLLM writes Python's None where it has no field to name.
  if (typeof param === 'string' && param !== '' && param !== 'None') return fieldOf(param.split('.'));
  const message = error['message'] ?? detail ?? body['message'];
  return typeof message === 'string' ? named(message) : null;
}

function fieldOf(path: readonly unknown[]): Field | null {
  return FIELDS.find((field) => path.includes(field)) ?? null;
}

/** The first of our fields that a refusing message names: what it suggests instead comes later. */
function named(message: string): Field | null {
  if (!REFUSAL.test(message)) return null;
  const found = FIELDS.map((field) => ({ field, at: message.search(new RegExp(`\\b${field}\\b`)) }));
  const first = found.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0];
  return first?.field ?? null;
}
