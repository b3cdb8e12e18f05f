import { parseDistribution } from '../numbers/distribution.ts';
import {
  decimal,
  durationMs,
  emptyAs,
  flag,
  headerObject,
  integer,
  jsonObject,
  oneOf,
  optional,
  type Parse,
  text,
} from '../parse/values.ts';
import { parseImages } from '../prompts/pictures/parse-images.ts';
import { parseMix } from '../prompts/mix.ts';
import { KIND_NAMES } from '../kinds/kinds.ts';
import { PROVIDER_NAMES } from '../request/providers.ts';
import { parseQuestions, PREFLIGHT_QUESTIONS } from './preflight-questions.ts';
import { parsePlainUrl, parsePlainUrls } from './base-url.ts';
import { setting } from './setting-spec.ts';

/** Which server is asked, and for what models. */
export const TARGET_SETTINGS = {
  LLM_PROVIDER: setting(null, ['options'], {
    parse: optional(oneOf(PROVIDER_NAMES)),
    meaning:
      'Preset of base URL, key variable, auth header and wire format; custom if LLM_BASE_URL is set, else mock',
  }),
  LLM_BASE_URL: setting(null, [], {
    parse: text,
    meaning: "Where to send requests; the preset's own by default",
  }),
  LLM_API_KEY: setting(null, ['secret'], {
    parse: text,
    meaning: "The key; by default the preset's own variable (OPENAI_API_KEY, …)",
  }),
  LLM_KIND: setting(null, ['options', 'comparison', 'parts'], {
    parse: optional(oneOf(KIND_NAMES)),
    meaning: `Kind of request: ${KIND_NAMES.join(', ')}; the preset's first by default (docs/kinds.md)`,
  }),
  LLM_MIX: setting('mix', ['options', 'vu', 'comparison', 'parts'], {
    defaultText: 'gpt-4.1=70,claude-sonnet-4.5=20,deepseek-v3.2=10',
    parse: parseMix,
    meaning: 'Weighted models; a bare name has weight 1',
  }),
  LLM_PREFLIGHT: setting('preflight', [], {
    defaultText: '1',
    parse: parseQuestions,
    meaning: `What is asked before the load: 1: all of ${PREFLIGHT_QUESTIONS.join(', ')}; 0: nothing; some of them by name, or -models: all but these (docs/running.md)`,
  }),
  LLM_PROVIDERS: setting('providersFile', ['options', 'file'], {
    parse: optional((value) => value.trim()),
    meaning: 'A file of providers, to be compared by the scenario ab (docs/formats.md)',
  }),
  LLM_PROVIDERS_FAILED: setting('failedProviders', [], {
    defaultText: 'stop',
    parse: oneOf(['stop', 'leave-out']),
    meaning: 'What becomes of a run whose provider fails at the start: leave-out: the others go on',
  }),
  LLM_PROVIDER_METERS: setting('providerMeters', ['local'], {
    parse: parsePlainUrls,
    meaning: 'Where stream meters of LLM_PROVIDERS listen, in its order, with commas; k6-llm ab starts them',
  }),
} as const;

/** null: no system message. */
type SystemPrompt = { kind: 'built-in' } | { kind: 'none' } | { kind: 'own'; text: string };

const systemPrompt: Parse<SystemPrompt> = (value) => {
  if (value.trim() === '') return { kind: 'built-in' };
  return value.trim() === 'none' ? { kind: 'none' } : { kind: 'own', text: value };
};

const count = (min: number, max: number, example: string): Parse<number> => integer({ min, max, example });

/** What each request is made of, and how it travels. */
export const REQUEST_SETTINGS = {
  LLM_STREAM: setting('stream', ['options', 'vu', 'comparison', 'parts'], {
    defaultText: '0',
    parse: flag,
    meaning: '1: ask for streamed answers',
  }),
  LLM_TRANSPORT: setting(null, ['options'], {
    defaultText: 'auto',
    parse: oneOf(['auto', 'http', 'sse', 'meter']),
    meaning: 'How requests travel (docs/streaming.md)',
  }),
  LLM_METER_URL: setting('meterUrl', ['vu', 'local'], {
    parse: optional(parsePlainUrl),
    meaning: 'Where a stream meter listens',
  }),
  LLM_MAX_TOKENS: setting('maxTokens', ['vu', 'comparison', 'parts'], {
    defaultText: '800',
    parse: count(1, 10_000_000, '800'),
    meaning: 'Limit of output tokens of a request',
  }),
  LLM_TOKEN_PARAM: setting('tokenParam', ['vu'], {
    parse: optional(oneOf(['max_tokens', 'max_completion_tokens'])),
    meaning: 'Forces the name under which the limit is sent',
  }),
  /** null: not set by the user. */
  LLM_TEMPERATURE: setting('temperature', ['vu', 'comparison'], {
    parse: optional(decimal({ min: 0, max: 10, example: '0.3' })),
    meaning: '0.3 by default, left out for models known to refuse it; set: sent as it is',
  }),
  LLM_EXTRA_BODY: setting('extraBody', ['vu', 'comparison'], {
    parse: emptyAs({}, jsonObject),
    meaning: 'JSON merged into each request body',
  }),
  LLM_EXTRA_HEADERS: setting('extraHeaders', ['vu', 'secret'], {
    parse: emptyAs({}, headerObject),
    meaning: 'JSON of headers added to each request',
  }),
  LLM_SYSTEM_PROMPT: setting('systemPrompt', ['vu', 'comparison'], {
    parse: systemPrompt,
    meaning: 'System message; none: no system message; the built-in one by default',
  }),
  LLM_DATASET: setting('datasetFile', ['options', 'vu', 'comparison', 'file'], {
    parse: optional((value) => value.trim()),
    meaning:
      'Own prompts: JSON, JSONL, CSV, ShareGPT, MT-Bench, a .txt with a prompt a line; or sessions (k6-llm record)',
  }),
  LLM_INPUT_TOKENS: setting('inputTokens', ['vu', 'comparison'], {
    parse: optional(parseDistribution),
    meaning: 'Synthetic prompt length: 200, normal:200:50, …',
  }),
  LLM_OUTPUT_TOKENS: setting('outputTokens', ['vu', 'comparison'], {
    parse: optional(parseDistribution),
    meaning: 'Synthetic answer length, likewise',
  }),
  LLM_INPUTS_PER_REQUEST: setting('inputsPerRequest', ['vu', 'comparison'], {
    parse: optional(count(1, 100_000, '16')),
    meaning: 'Texts to embed in a request (1 by default), documents to rank (10 by default)',
  }),
  LLM_IMAGES: setting('images', ['vu', 'comparison'], {
    parse: parseImages,
    meaning:
      'Synthetic pictures of each conversation, COUNT:WIDTHxHEIGHT: 1:512x512, uniform:0:2:1024x768, … (docs/workloads.md)',
  }),
  LLM_TURNS: setting('turns', ['vu', 'comparison'], {
    defaultText: '1',
    parse: count(1, 100, '3'),
    meaning: 'Turns of a conversation',
  }),
  LLM_SHARED_PREFIX_TOKENS: setting('sharedPrefixTokens', ['vu', 'comparison'], {
    defaultText: '0',
    parse: count(0, 1_000_000, '1000'),
    meaning: 'Length of a prefix common to all prompts',
  }),
  LLM_SESSION_ANSWERS: setting('sessionAnswers', ['options', 'vu', 'comparison'], {
    defaultText: 'recorded',
    parse: oneOf(['recorded', 'measured']),
    meaning:
      'Whose answers later turns of a session send again: recorded, or measured ones, as they really came (docs/workloads.md)',
  }),
  LLM_CACHE_BUST: setting('cacheBust', ['vu', 'comparison'], {
    defaultText: '0',
    parse: flag,
    meaning:
      '1: each conversation, and each session, begins with a text of its own, so that no prompt cache helps',
  }),
  LLM_TIMEOUT: setting('timeoutMs', ['options', 'vu'], {
    defaultText: '120s',
    parse: durationMs({ min: 1, max: 7 * 86_400_000, example: '120s' }),
    meaning: 'Of one request',
  }),
  LLM_RETRIES: setting('retries', ['vu', 'comparison'], {
    defaultText: '0',
    parse: count(0, 20, '2'),
    meaning: 'Retries of retryable failures, honouring Retry-After',
  }),
} as const;
