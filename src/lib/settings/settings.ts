import type { CloudSettings } from './cloud-options.ts';
import { ConfigError } from '../parse/config-error.ts';
import { KIND_NAMES, type KindName } from '../kinds/kinds.ts';
import { type Provider, PRESET_OF_OWN_URL, PRESET_OF_NONE, PROVIDERS } from '../request/providers.ts';
import type { Environment } from './api-key.ts';
import { type Endpoints, joinBaseUrl } from './base-url.ts';
import { shareOf } from './shard.ts';
import { CATALOG, hasTrait, type Parsed, SETTING_NAMES, type SettingName, settingsWith } from './catalog.ts';

export type TransportName = 'http' | 'sse' | 'meter';

/** The fields that settings have by themselves, as their parsers give them. */
type FieldsOf<Name extends SettingName> = {
  [K in Name as (typeof CATALOG)[K]['field'] & string]: Parsed[K];
};

type NamesForVus = {
  [K in SettingName]: 'vu' extends (typeof CATALOG)[K]['traits'][number] ? K : never;
}[SettingName];

/** What requests are made from: each VU has a copy. */
export type VuSettings = FieldsOf<NamesForVus> & {
  provider: Provider;
  endpoints: Endpoints;
  transport: TransportName;
  /** What is sent where nothing else names a kind. */
  kind: KindName;
  shape: IterationShape;
};

/** What one iteration is: so many requests one after the other, and pauses of its own between them. */
export type IterationShape = {
  meanTurns: number;
  mostTurns: number;
  meanPauseMs: number;
  mostPauseMs: number;
};

/** Every setting, resolved. The key is not among them: see `readApiKey`. */
export type Settings = VuSettings &
  FieldsOf<Exclude<SettingName, NamesForVus>> & {
    cloud: CloudSettings;
    /** Every `LLM_*` as text, secrets hidden, for the summary and for `doctor`. */
    resolved: Readonly<Record<SettingName, string>>;
  };

/** The settings that a VU needs. */
export function vuSettingsOf(settings: Settings): VuSettings {
  const { cloud: _cloud, resolved: _resolved, ...rest } = settings;
  const kept: Record<string, unknown> = rest;
  for (const name of SETTING_NAMES) {
    const { field } = CATALOG[name];
    if (field !== null && !hasTrait(name, 'vu')) delete kept[field];
  }
  return kept as VuSettings;
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
  refuseSeveralModels(parsed, provider, endpoints);
  refuseUnseenAborts(parsed);
  const transport = chooseTransport(parsed);
  const kind = chooseKind(parsed.LLM_KIND, provider);
  const budgetUsd = shareOf(parsed.LLM_BUDGET_USD, parsed.LLM_SHARD);
  return {
    ...fieldsOf(parsed),
    budgetUsd,
    provider,
    endpoints,
    transport,
    kind,
    shape: { meanTurns: parsed.LLM_TURNS, mostTurns: parsed.LLM_TURNS, meanPauseMs: 0, mostPauseMs: 0 },
    cloud: {
      projectId: parsed.LLM_CLOUD_PROJECT,
      stackId: parsed.LLM_CLOUD_STACK,
      name: parsed.LLM_CLOUD_NAME,
      zones: parsed.LLM_CLOUD_ZONES,
    },
    resolved: {
      ...describe(env, { provider: provider.name, endpoints, transport, kind }),
      ...(parsed.LLM_SHARD === null || budgetUsd === null ? {} : { LLM_BUDGET_USD: String(budgetUsd) }),
    },
  };
}

function fieldsOf(parsed: Parsed): FieldsOf<SettingName> {
  const entries = SETTING_NAMES.flatMap((name) => {
    const { field } = CATALOG[name];
    return field === null ? [] : [[field, parsed[name]] as const];
  });
  return Object.fromEntries(entries) as FieldsOf<SettingName>;
}

/** A digest of the settings that k6's options are built from: it may not change after archiving. */
export function digestOfOptions(resolved: Settings['resolved']): string {
  return settingsWith('options')
    .map((name) => `${name}=${resolved[name]}`)
    .join('\n');
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
  const fallback = parsed.LLM_BASE_URL.trim() === '' ? PRESET_OF_NONE : PRESET_OF_OWN_URL;
  return PROVIDERS[parsed.LLM_PROVIDER ?? fallback];
}

function resolveEndpoints(given: string, provider: Provider): Endpoints {
  const baseUrl = given.trim() === '' ? (provider.baseUrl ?? '') : given;
  return joinBaseUrl(baseUrl, { setting: 'LLM_BASE_URL', provider });
}

/** The kind asked for, where the provider is known to take it; its first one where none is. */
function chooseKind(asked: KindName | null, provider: Provider): KindName {
  const kind = asked ?? provider.kinds[0] ?? 'chat';
  if (!provider.kinds.includes(kind)) throw kindNotTaken(kind, provider, 'LLM_KIND');
  return kind;
}

/** A preset takes these kinds and not that one. */
export function kindNotTaken(kind: KindName, { name, kinds }: Provider, setting: string): ConfigError {
  return new ConfigError({
    setting,
    got: kind,
    expected: `a kind that ${name} takes: ${kinds.join(', ')}`,
    example: `LLM_KIND=${kinds[0] ?? ''}, or LLM_PROVIDER=custom with LLM_BASE_URL, which takes ${KIND_NAMES.join(', ')}`,
  });
}

/** A deployment in the address answers as itself, whatever model is asked: a mix would be a mix in name only. */
function refuseSeveralModels({ LLM_MIX }: Parsed, provider: Provider, { deployment }: Endpoints): void {
  if (provider.deploymentQuery === null || deployment === null || LLM_MIX.length < 2) return;
  throw new ConfigError({
    setting: 'LLM_MIX',
    got: LLM_MIX.map(({ model }) => model).join(','),
    expected: `one model, because LLM_BASE_URL leads to the one deployment ${deployment}; the address of the resource leads to all of them`,
    example: `LLM_BASE_URL=${provider.exampleUrl}, or LLM_MIX=${deployment}`,
  });
}

/** Over k6's own HTTP an answer is whole before anybody could leave it. */
function refuseUnseenAborts(parsed: Parsed): void {
  if (parsed.LLM_ABORT === null) return;
  const fail = (expected: string, example: string): ConfigError =>
    new ConfigError({ setting: 'LLM_ABORT', got: 'a share of streams to give up', expected, example });
  if (!parsed.LLM_STREAM) throw fail('streams: an answer in one piece has no middle', 'LLM_STREAM=1');
  if (chooseTransport(parsed) !== 'http') return;
  throw fail(
    'the transport meter or sse: http hands k6 a stream when it is over',
    'k6-llm run … --stream, or LLM_TRANSPORT=meter with LLM_METER_URL',
  );
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

function describe(
  env: Environment,
  chosen: { provider: string; endpoints: Endpoints; transport: TransportName; kind: KindName },
): Settings['resolved'] {
  const entries = SETTING_NAMES.map((name) => {
    const shown = hasTrait(name, 'secret') ? maskedText(env, name) : textOf(env, name);
    return [name, shown] as const;
  });
  return {
    ...(Object.fromEntries(entries) as Record<SettingName, string>),
    LLM_PROVIDER: chosen.provider,
    LLM_BASE_URL: chosen.endpoints.displayUrl,
    LLM_TRANSPORT: chosen.transport,
    LLM_KIND: chosen.kind,
    LLM_METER_URL: stripUser(textOf(env, 'LLM_METER_URL')),
    LLM_METRICS_URL: textOf(env, 'LLM_METRICS_URL').split(',').map(stripUser).join(','),
  };
}

function maskedText(env: Environment, name: SettingName): string {
  return (env[name] ?? '').trim() === '' ? '' : '(set)';
}

function stripUser(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/\?.*$/s, '');
}
