import { parseArrivals } from '../load/arrivals.ts';
import { parseCloudId, parseLoadZones } from './cloud-options.ts';
import { parseDistribution } from '../numbers/distribution.ts';
import { ConfigError } from '../parse/config-error.ts';
import { parseMix } from '../prompts/mix.ts';
import { PROVIDER_NAMES } from '../request/providers.ts';
import { parseSlo } from '../figures/slo.ts';
import { parsePlainUrl } from './base-url.ts';
import {
  decimal,
  durationMs,
  flag,
  headerObject,
  integer,
  jsonObject,
  oneOf,
  optional,
  type Parse,
  text,
} from '../parse/values.ts';

/** One environment variable: its default, how it is read, and what it means. */
export type SettingSpec<T> = {
  /** Used when the variable is unset or empty. */
  defaultText: string;
  parse: Parse<T>;
  /** One line for docs and `k6-llm doctor`. */
  meaning: string;
  /** Never printed or written: shown as `(set)`. */
  secret: boolean;
  /** k6's options are built from it, so it may not change after `k6 archive`. */
  shapesOptions: boolean;
};

function setting<T>(defaultText: string, parse: Parse<T>, meaning: string): SettingSpec<T> {
  return { defaultText, parse, meaning, secret: false, shapesOptions: false };
}

/** A setting that k6's options are built from. */
function shaping<T>(defaultText: string, parse: Parse<T>, meaning: string): SettingSpec<T> {
  return { ...setting(defaultText, parse, meaning), shapesOptions: true };
}

function secret<T>(parse: Parse<T>, meaning: string): SettingSpec<T> {
  return { ...setting('', parse, meaning), secret: true };
}

const MAX = Number.MAX_SAFE_INTEGER;
const DAY_MS = 86_400_000;
const path = optional<string>((value) => value.trim());
const count = (min: number, max: number, example: string): Parse<number> => integer({ min, max, example });
const duration = (min: number, example: string): Parse<number> =>
  durationMs({ min, max: 7 * DAY_MS, example });

const thinkTime: Parse<{ minMs: number; maxMs: number }> = (value, name) => {
  const [first = '', second = first, ...more] = value.split('-');
  const bound = duration(0, '1s-4s');
  const range = { minMs: bound(first, name), maxMs: bound(second, name) };
  if (more.length === 0 && range.minMs <= range.maxMs) return range;
  throw new ConfigError({
    setting: name,
    got: value,
    expected: 'a duration, or two with the shorter first',
    example: `${name}=1s-4s`,
  });
};

/**
 * Every `LLM_*` variable (docs/settings.md is written from it). An empty default means "not set" or "the
 * scenario's own".
 */
export const CATALOG = {
  LLM_PROVIDER: shaping(
    '',
    optional(oneOf(PROVIDER_NAMES)),
    'Preset of base URL, key variable, auth header and wire format; custom if LLM_BASE_URL is set, else mock',
  ),
  LLM_BASE_URL: setting('', text, "Where to send requests; the preset's own by default"),
  LLM_API_KEY: secret(text, "The key; by default the preset's own variable (OPENAI_API_KEY, …)"),
  LLM_MIX: shaping(
    'gpt-4.1=70,claude-sonnet-4.5=20,deepseek-v3.2=10',
    parseMix,
    'Weighted models; a bare name has weight 1',
  ),
  LLM_STREAM: shaping('0', flag, '1: ask for streamed answers'),
  LLM_TRANSPORT: shaping(
    'auto',
    oneOf(['auto', 'http', 'sse', 'meter']),
    'How requests travel (docs/streaming.md)',
  ),
  LLM_METER_URL: setting('', optional(parsePlainUrl), 'Where a stream meter listens'),
  LLM_MAX_TOKENS: setting('800', count(1, 10_000_000, '800'), 'Limit of output tokens of a request'),
  LLM_TOKEN_PARAM: setting(
    '',
    optional(oneOf(['max_tokens', 'max_completion_tokens'])),
    'Forces the name under which the limit is sent',
  ),
  LLM_TEMPERATURE: setting(
    '',
    optional(decimal({ min: 0, max: 10, example: '0.3' })),
    '0.3 by default, left out for models known to refuse it; set: sent as it is',
  ),
  LLM_EXTRA_BODY: setting('', optional(jsonObject), 'JSON merged into each request body'),
  LLM_EXTRA_HEADERS: secret(optional(headerObject), 'JSON of headers added to each request'),
  LLM_SYSTEM_PROMPT: setting(
    '',
    text,
    'System message; none: no system message; the built-in one by default',
  ),
  LLM_DATASET: shaping('', path, 'Own prompts: JSON, JSONL, CSV, ShareGPT'),
  LLM_INPUT_TOKENS: setting(
    '',
    optional(parseDistribution),
    'Synthetic prompt length: 200, normal:200:50, …',
  ),
  LLM_OUTPUT_TOKENS: setting('', optional(parseDistribution), 'Synthetic answer length, likewise'),
  LLM_TURNS: setting('1', count(1, 100, '3'), 'Turns of a conversation'),
  LLM_SHARED_PREFIX_TOKENS: setting(
    '0',
    count(0, 1_000_000, '1000'),
    'Length of a prefix common to all prompts',
  ),
  LLM_THINK_TIME: setting('1s-4s', thinkTime, "Uniform pause between a user's requests; closed models only"),
  LLM_VUS: shaping(
    '',
    optional(count(1, 100_000, '50')),
    "Peak of a closed load; the scenario's own by default",
  ),
  LLM_RATE: shaping(
    '',
    optional(decimal({ min: 0.001, max: 1_000_000, example: '20' })),
    "Peak of an open load in requests/s; the scenario's own by default",
  ),
  LLM_TIME_SCALE: shaping(
    '1',
    decimal({ min: 0.0001, max: 1000, example: '0.1' }),
    "Multiplies every stage's duration",
  ),
  LLM_EXPECTED_LATENCY: shaping('5s', duration(1, '5s'), 'Sizes the VUs of an open load (Little’s law)'),
  LLM_MAX_VUS: shaping('2000', count(1, 1_000_000, '2000'), 'Cap of the VUs of an open load'),
  LLM_ARRIVALS: shaping('even', parseArrivals, 'even, poisson, gamma:<cv>, trace:<file>'),
  LLM_WARMUP: shaping('0s', duration(0, '10s'), 'First part of a run that is counted but not measured'),
  LLM_TIMEOUT: shaping('120s', duration(1, '120s'), 'Of one request'),
  LLM_RETRIES: setting('0', count(0, 20, '2'), 'Retries of retryable failures, honouring Retry-After'),
  LLM_PREFLIGHT: setting('1', flag, '0: skip the one request for each model before the load'),
  LLM_BUDGET_USD: shaping(
    '',
    optional(decimal({ min: 0.000001, max: 1_000_000_000, example: '5' })),
    'The run stops within 3 s of passing it; through the meter it is never passed',
  ),
  LLM_BUDGET_MODE: setting(
    'stop',
    oneOf(['stop', 'refuse']),
    'refuse: do not start when the forecast is over it',
  ),
  LLM_THRESHOLDS: shaping('', text, "A profile's name or a JSON file; the scenario's own by default"),
  LLM_SLO: shaping('ttft:3000,latency:8000', parseSlo, 'What makes a request good, in ms'),
  LLM_ICL: setting('stall', oneOf(['stall', 'all']), 'all: record every gap between events too'),
  LLM_PRICES: setting('', path, 'A price file that adds to or overrides the built-in table'),
  LLM_SEED: shaping('42', count(0, MAX, '42'), 'Seed of everything random'),
  LLM_METRICS_KEY: secret(text, "The key of that page; on the target's own host, the target's by default"),
  LLM_METRICS_URL: shaping('', optional(parsePlainUrl), "A server's Prometheus page, scraped during the run"),
  LLM_CLOUD_PROJECT: shaping('', parseCloudId, 'k6 Cloud: the project’s number'),
  LLM_CLOUD_STACK: shaping('', parseCloudId, 'k6 Cloud: the stack’s number'),
  LLM_CLOUD_NAME: shaping('', text, "k6 Cloud: the test's name; the scenario's by default"),
  LLM_CLOUD_ZONES: shaping(
    '',
    parseLoadZones,
    'k6 Cloud: load zones, amazon:us:ashburn=60,amazon:de:frankfurt=40',
  ),
  LLM_RESULTS_DIR: setting('results', text, 'Where handleSummary writes its files'),
} as const;

export type SettingName = keyof typeof CATALOG;

/** Every setting as its parser gives it. */
export type Parsed = { readonly [K in SettingName]: ReturnType<(typeof CATALOG)[K]['parse']> };

export const SETTING_NAMES = Object.keys(CATALOG) as readonly SettingName[];
