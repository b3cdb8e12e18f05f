import type { Arrivals } from '../load/arrivals.ts';
import type { CloudSettings } from './cloud-options.ts';
import type { Distribution } from '../numbers/distribution.ts';
import { ConfigError } from '../parse/config-error.ts';
import type { Mix } from '../prompts/mix.ts';
import { chatPath, type Provider, type ProviderName, PROVIDERS } from '../request/providers.ts';
import type { Slo } from '../figures/slo.ts';
import type { Environment } from './api-key.ts';
import { type Endpoints, joinBaseUrl } from './base-url.ts';
import { CATALOG, type Parsed, SETTING_NAMES, type SettingName } from './catalog.ts';

export type TransportName = 'http' | 'sse' | 'meter';

/** Every setting, resolved. The key is not among them: see `readApiKey`. */
export type Settings = {
  provider: Provider;
  endpoints: Endpoints;
  mix: Mix;
  stream: boolean;
  transport: TransportName;
  meterUrl: string | null;
  maxTokens: number;
  tokenParam: 'max_tokens' | 'max_completion_tokens' | null;
  /** null: not set by the user. */
  temperature: number | null;
  extraBody: Readonly<Record<string, unknown>>;
  extraHeaders: Readonly<Record<string, string>>;
  /** null: no system message; undefined text stands for the built-in one. */
  systemPrompt: { kind: 'built-in' } | { kind: 'none' } | { kind: 'own'; text: string };
  datasetFile: string | null;
  inputTokens: Distribution | null;
  outputTokens: Distribution | null;
  turns: number;
  sharedPrefixTokens: number;
  thinkTime: { minMs: number; maxMs: number };
  /** null: the scenario's own. */
  vus: number | null;
  /** null: the scenario's own. */
  ratePerSec: number | null;
  timeScale: number;
  expectedLatencyMs: number;
  maxVus: number;
  arrivals: Arrivals;
  warmupMs: number;
  timeoutMs: number;
  retries: number;
  preflight: boolean;
  budgetUsd: number | null;
  budgetMode: 'stop' | 'refuse';
  /** null: the scenario's own. */
  thresholds: string | null;
  slo: Slo;
  recordsGaps: boolean;
  pricesFile: string | null;
  seed: number;
  metricsUrl: string | null;
  cloud: CloudSettings;
  resultsDir: string;
  /** Every `LLM_*` as text, secrets hidden, for the summary and for `doctor`. */
  resolved: Readonly<Record<SettingName, string>>;
};

/** What only a run's plan is made from, or its summary. */
const FOR_THE_PLAN = [
  'vus',
  'ratePerSec',
  'timeScale',
  'expectedLatencyMs',
  'maxVus',
  'preflight',
  'budgetMode',
  'thresholds',
  'slo',
  'metricsUrl',
  'cloud',
  'resultsDir',
  'resolved',
] as const satisfies readonly (keyof Settings)[];

/** What requests are made from: each VU has a copy. */
export type VuSettings = Omit<Settings, (typeof FOR_THE_PLAN)[number]>;

/** The settings that a VU needs. */
export function vuSettingsOf(settings: Settings): VuSettings {
  const rest: Partial<Settings> = { ...settings };
  for (const name of FOR_THE_PLAN) delete rest[name];
  return rest as VuSettings;
}

/**
 * Reads and checks every setting, once, at init. An empty value means the default.
 *
 * @throws ConfigError for the first wrong value.
 */
export function readSettings(env: Environment): Settings {
  const parsed = parseAll(env);
  const provider = chooseProvider(parsed);
  const endpoints = resolveEndpoints(parsed.LLM_BASE_URL, provider);
  const transport = chooseTransport(parsed);
  return {
    provider,
    endpoints,
    mix: parsed.LLM_MIX,
    stream: parsed.LLM_STREAM,
    transport,
    meterUrl: parsed.LLM_METER_URL,
    maxTokens: parsed.LLM_MAX_TOKENS,
    tokenParam: parsed.LLM_TOKEN_PARAM,
    temperature: parsed.LLM_TEMPERATURE,
    extraBody: parsed.LLM_EXTRA_BODY ?? {},
    extraHeaders: parsed.LLM_EXTRA_HEADERS ?? {},
    systemPrompt: readSystemPrompt(parsed.LLM_SYSTEM_PROMPT),
    datasetFile: parsed.LLM_DATASET,
    inputTokens: parsed.LLM_INPUT_TOKENS,
    outputTokens: parsed.LLM_OUTPUT_TOKENS,
    turns: parsed.LLM_TURNS,
    sharedPrefixTokens: parsed.LLM_SHARED_PREFIX_TOKENS,
    thinkTime: parsed.LLM_THINK_TIME,
    vus: parsed.LLM_VUS,
    ratePerSec: parsed.LLM_RATE,
    timeScale: parsed.LLM_TIME_SCALE,
    expectedLatencyMs: parsed.LLM_EXPECTED_LATENCY,
    maxVus: parsed.LLM_MAX_VUS,
    arrivals: parsed.LLM_ARRIVALS,
    warmupMs: parsed.LLM_WARMUP,
    timeoutMs: parsed.LLM_TIMEOUT,
    retries: parsed.LLM_RETRIES,
    preflight: parsed.LLM_PREFLIGHT,
    budgetUsd: parsed.LLM_BUDGET_USD,
    budgetMode: parsed.LLM_BUDGET_MODE,
    thresholds: parsed.LLM_THRESHOLDS === '' ? null : parsed.LLM_THRESHOLDS,
    slo: parsed.LLM_SLO,
    recordsGaps: parsed.LLM_ICL === 'all',
    pricesFile: parsed.LLM_PRICES,
    seed: parsed.LLM_SEED,
    metricsUrl: parsed.LLM_METRICS_URL,
    cloud: {
      projectId: parsed.LLM_CLOUD_PROJECT,
      stackId: parsed.LLM_CLOUD_STACK,
      name: parsed.LLM_CLOUD_NAME.trim() === '' ? null : parsed.LLM_CLOUD_NAME,
      zones: parsed.LLM_CLOUD_ZONES,
    },
    resultsDir: parsed.LLM_RESULTS_DIR,
    resolved: describe(env, { provider: provider.name, endpoints, transport }),
  };
}

/** A digest of the settings that k6's options are built from: it may not change after archiving. */
export function digestOfOptions(resolved: Settings['resolved']): string {
  const shaping = SETTING_NAMES.filter((name) => CATALOG[name].shapesOptions);
  return shaping.map((name) => `${name}=${resolved[name]}`).join('\n');
}

function parseAll(env: Environment): Parsed {
  const parse = (name: SettingName): unknown => CATALOG[name].parse(textOf(env, name), name);
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, parse(name)])) as Parsed;
}

function textOf(env: Environment, name: SettingName): string {
  const given = env[name] ?? '';
  return given.trim() === '' ? CATALOG[name].defaultText : given;
}

function chooseProvider(parsed: Parsed): Provider {
  const fallback: ProviderName = parsed.LLM_BASE_URL.trim() === '' ? 'mock' : 'custom';
  return PROVIDERS[parsed.LLM_PROVIDER ?? fallback];
}

function resolveEndpoints(given: string, provider: Provider): Endpoints {
  const baseUrl = given.trim() === '' ? (provider.baseUrl ?? '') : given;
  return joinBaseUrl(baseUrl, { chatPath: chatPath(provider.wire), setting: 'LLM_BASE_URL' });
}

function chooseTransport(parsed: Parsed): TransportName {
  const meterUrl = parsed.LLM_METER_URL;
  switch (parsed.LLM_TRANSPORT) {
    case 'auto':
      return meterUrl === null ? 'http' : 'meter';
    case 'meter':
      if (meterUrl !== null) return 'meter';
      throw new ConfigError({
        setting: 'LLM_METER_URL',
        got: '',
        expected: 'the address of a running meter, because LLM_TRANSPORT is meter',
        example:
          'LLM_METER_URL=http://127.0.0.1:8788 (k6-llm meter starts one; k6-llm run --stream does all of it)',
      });
    case 'http':
      return 'http';
    case 'sse':
      if (parsed.LLM_STREAM) return 'sse';
      throw new ConfigError({
        setting: 'LLM_TRANSPORT',
        got: 'sse',
        expected: 'http or meter for blocking answers (sse carries streams only)',
        example: 'LLM_STREAM=1 LLM_TRANSPORT=sse',
      });
  }
}

function readSystemPrompt(given: string): Settings['systemPrompt'] {
  if (given.trim() === '') return { kind: 'built-in' };
  return given.trim() === 'none' ? { kind: 'none' } : { kind: 'own', text: given };
}

function describe(
  env: Environment,
  chosen: { provider: ProviderName; endpoints: Endpoints; transport: TransportName },
): Settings['resolved'] {
  const entries = SETTING_NAMES.map((name) => {
    const shown = CATALOG[name].secret ? maskedText(env, name) : textOf(env, name);
    return [name, shown] as const;
  });
  return {
    ...(Object.fromEntries(entries) as Record<SettingName, string>),
    LLM_PROVIDER: chosen.provider,
    LLM_BASE_URL: chosen.endpoints.displayUrl,
    LLM_TRANSPORT: chosen.transport,
    LLM_METER_URL: stripUser(textOf(env, 'LLM_METER_URL')),
    LLM_METRICS_URL: stripUser(textOf(env, 'LLM_METRICS_URL')),
  };
}

function maskedText(env: Environment, name: SettingName): string {
  return (env[name] ?? '').trim() === '' ? '' : '(set)';
}

function stripUser(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/\?.*$/s, '');
}
