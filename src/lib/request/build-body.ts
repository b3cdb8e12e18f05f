import type { Provider, RefusedField, TokenParam, Wire } from './providers.ts';
import { ownValue } from '../parse/own-value.ts';

export type Message = { role: 'system' | 'user' | 'assistant'; content: string };

/** What a preset says of bodies. */
export type BodyDialect = Pick<Provider, 'wire' | 'tokenParam' | 'refusedFields'>;

/** What every request's body has in common; the model comes with the mix, the messages with the request. */
export type PayloadOptions = {
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
  /** The name of the token limit; null when `LLM_EXTRA_BODY` already holds one. */
  tokenParam: TokenParam | null;
  /** `LLM_EXTRA_BODY` brings its own messages. */
  hasMessages: boolean;
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
  const { provider, stream, extraBody } = options;
  const mayHave = (field: RefusedField): boolean => !provider.refusedFields.includes(field);
  const body: Record<string, unknown> = { model, stream };
  const asksUsage = stream && provider.wire === 'openai' && mayHave('stream_options');
  if (asksUsage && !adaptation.withoutStreamOptions) {
    body['stream_options'] = { include_usage: true };
  }
  const takesTemperature = mayHave('temperature') && !isReasoningModel(model);
  const temperature = options.temperature ?? (takesTemperature ? DEFAULT_TEMPERATURE : null);
  if (temperature !== null && !adaptation.withoutTemperature) body['temperature'] = temperature;
  const merged = { ...body, ...extraBody };
  const fields = Object.entries(merged).filter(([name]) => ownValue(extraBody, name) !== null);
  const hasLimit = LIMIT_FIELDS.some((name) => name in extraBody);
  return {
    head: JSON.stringify(Object.fromEntries(fields)).slice(0, -1),
    tokenParam: hasLimit ? null : tokenParamFor(model, options, adaptation),
    hasMessages: 'messages' in extraBody,
  };
}

/**
 * The name under which a model takes its limit of output tokens: forced, found out by preflight, the preset's, or by family.
 */
export function tokenParamFor(
  model: string,
  { tokenParam, provider }: Pick<PayloadOptions, 'tokenParam' | 'provider'>,
  adaptation: Adaptation = NO_ADAPTATION,
): TokenParam {
  if (tokenParam !== null) return tokenParam;
  if (provider.wire === 'anthropic') return 'max_tokens';
  const known = adaptation.tokenParam ?? provider.tokenParam;
  return known ?? (isReasoningModel(model) ? 'max_completion_tokens' : 'max_tokens');
}

/** The messages as a field of the body, `"messages":[…]`; a prompt used often is serialised once. */
export function encodeMessages(wire: Wire, messages: readonly Message[]): string {
  if (wire === 'openai') return `"messages":${JSON.stringify(messages)}`;
  // Anthropic takes the system text apart from the turns.
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const turns = JSON.stringify(messages.filter(({ role }) => role !== 'system'));
  return system.length === 0
    ? `"messages":${turns}`
    : `"system":${JSON.stringify(system.join('\n'))},"messages":${turns}`;
}

/** The JSON text of one request. */
export function buildBody(
  template: PayloadTemplate,
  encodedMessages: string,
  { maxTokens, exactLength }: { maxTokens: number; exactLength: boolean },
): string {
  const limit = template.tokenParam === null ? '' : `,"${template.tokenParam}":${maxTokens}`;
  const messages = template.hasMessages ? '' : `,${encodedMessages}`;
  // Servers that take these two write exactly so many tokens.
  const exact = exactLength ? `,"min_tokens":${maxTokens},"ignore_eos":true` : '';
  return `${template.head}${limit}${exact}${messages}}`;
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
