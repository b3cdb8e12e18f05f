import type { Kind } from '../kinds/kind.ts';
import type { Provider, RefusedField, TokenParam } from './providers.ts';
import { ownValue } from '../parse/own-value.ts';

/** What a preset says of bodies. */
export type BodyDialect = Pick<Provider, 'tokenParam' | 'refusedFields'>;

/** What every request's body has in common; the model comes with the mix, the messages with the request. */
export type PayloadOptions = {
  kind: Kind;
  provider: BodyDialect;
  stream: boolean;
  /** Forces the name of the token limit; null: the one that the model takes. */
  tokenParam: TokenParam | null;
  /** null: 0.3, left out for models known to refuse it. */
  temperature: number | null;
  extraBody: Readonly<Record<string, unknown>>;
};

/** What preflight found out about a model: which fields to leave out or to rename. */
export type Adaptation = {
  withoutStreamOptions: boolean;
  withoutTemperature: boolean;
  /** null: the name that the model's own name suggests. */
  tokenParam: TokenParam | null;
};

export const NO_ADAPTATION: Adaptation = {
  withoutStreamOptions: false,
  withoutTemperature: false,
  tokenParam: null,
};

const DEFAULT_TEMPERATURE = 0.3;
const LIMIT_FIELDS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'];

/** A body that lacks only its limit and its messages, serialised once for each model. */
export type PayloadTemplate = {
  /** JSON text without its closing brace. */
  head: string;
  /** The field of the token limit; null when the kind has none, or `LLM_EXTRA_BODY` already holds one. */
  limitField: string | null;
  /** Servers can be told to write exactly so many tokens. */
  takesExactLength: boolean;
  /** `LLM_EXTRA_BODY` brings what is asked. */
  hasAsked: boolean;
};

/**
 * The part of a body that is the same for every request to a model: one token limit only, a temperature only
 * where the model takes one, usage asked for in streams. `extraBody` wins over all of it; a null in it takes
 * the field out.
 */
export function payloadTemplate(
  model: string,
  options: PayloadOptions,
  adaptation: Adaptation = NO_ADAPTATION,
): PayloadTemplate {
  const { kind, extraBody } = options;
  const merged = {
    model,
    ...(kind.answers === 'text' ? textFields(model, options, adaptation) : {}),
    ...extraBody,
  };
  const fields = Object.entries(merged).filter(([name]) => ownValue(extraBody, name) !== null);
  const hasLimit = LIMIT_FIELDS.some((name) => name in extraBody);
  return {
    head: JSON.stringify(Object.fromEntries(fields)).slice(0, -1),
    limitField: hasLimit ? null : limitFieldFor(model, options, adaptation),
    takesExactLength: kind.takesExactLength,
    hasAsked: kind.askFields.some((name) => name in extraBody),
  };
}

/** Of an answer that is written token by token. */
function textFields(
  model: string,
  { kind, provider, stream, temperature }: PayloadOptions,
  adaptation: Adaptation,
): Record<string, unknown> {
  const mayHave = (field: RefusedField): boolean => !provider.refusedFields.includes(field);
  const body: Record<string, unknown> = { stream };
  const asksUsage = stream && kind.asksForUsage && mayHave('stream_options');
  if (asksUsage && !adaptation.withoutStreamOptions) {
    body['stream_options'] = { include_usage: true };
  }
  const takesTemperature = mayHave('temperature') && !isReasoningModel(model);
  const chosen = temperature ?? (takesTemperature ? DEFAULT_TEMPERATURE : null);
  if (chosen !== null && !adaptation.withoutTemperature) body['temperature'] = chosen;
  return body;
}

/**
 * The field in which a model takes its limit of output tokens: the kind's own; for chat forced, found out by
 * preflight, the preset's, or by family. null where the kind has none.
 */
export function limitFieldFor(
  model: string,
  { kind, tokenParam, provider }: Pick<PayloadOptions, 'kind' | 'tokenParam' | 'provider'>,
  adaptation: Adaptation = NO_ADAPTATION,
): string | null {
  if (kind.limitField !== 'by-model') return kind.limitField;
  const known = tokenParam ?? adaptation.tokenParam ?? provider.tokenParam;
  return known ?? (isReasoningModel(model) ? 'max_completion_tokens' : 'max_tokens');
}

/** The JSON text of one request; `asked` is what its kind made of what is asked, so that it is made once where it comes again. */
export function buildBody(
  template: PayloadTemplate,
  asked: string,
  { maxTokens, exactLength }: { maxTokens: number; exactLength: boolean },
): string {
  const limit = template.limitField === null ? '' : `,"${template.limitField}":${maxTokens}`;
  const content = template.hasAsked ? '' : `,${asked}`;
  // Servers that take these two write exactly so many tokens.
  const isExact = exactLength && template.takesExactLength;
  const exact = isExact ? `,"min_tokens":${maxTokens},"ignore_eos":true` : '';
  return `${template.head}${limit}${exact}${content}}`;
}

/**
 * o-series and gpt-5 models take `max_completion_tokens` and refuse a temperature (OpenAI's API reference,
 * read 2026-11). Whole name segments only: `demo-o3d` is not o3.
 */
function isReasoningModel(model: string): boolean {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  // Most are not, and a regular expression costs a VU 100 µs and 9 kB to make.
  if (!name.startsWith('o') && !name.startsWith('gpt-5')) return false;
  return /^(o\d|gpt-5(\.\d+)?)(-|$)/.test(name);
}
