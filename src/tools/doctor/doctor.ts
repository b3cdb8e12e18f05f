import { describeQuirks } from '../../lib/request/describe-quirks.ts';
import { PROVIDER_SOURCES } from '../../lib/request/provider-sources.ts';
import { PROVIDER_NAMES } from '../../lib/request/providers.ts';
import { readApiKey } from '../../lib/settings/api-key.ts';
import { hasTrait, SETTING_NAMES } from '../../lib/settings/catalog.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { kindOf } from '../../lib/kinds/kinds.ts';
import { callUrl } from '../../lib/request/call-url.ts';
import { buildBody, payloadTemplate } from '../../lib/request/build-body.ts';
import { createBuiltInPicker, DEFAULT_SYSTEM_PROMPT } from '../../lib/prompts/built-in-picker.ts';
import { sourceOf } from '../config/apply-config.ts';
import { findK6 } from '../k6/find-k6.ts';
import { K6Missing } from '../k6/k6-missing.ts';
import { needsMeter, wantsOwnMeter } from '../run/meters/running-meter.ts';
import { missingFiles, withAbsolutePaths } from '../run/run-environment.ts';
import { scenarioFile } from '../run/scenario-file.ts';
import { unknownSettings } from '../../lib/settings/unknown-settings.ts';
import { askModels } from './ask-models.ts';
import { checkMetrics } from './check-metrics.ts';
import { checkTarget } from './check-target.ts';
import { type Finding, renderFinding } from './finding.ts';
import { inspectOptions } from './inspect-options.ts';
import { shownAddress } from './target-request.ts';

/** Prints what a run would use and do. @returns the exit code. */
export async function doctor(
  scenario: string,
  { stream, asks }: { stream: boolean; asks: boolean },
): Promise<number> {
  const { file } = scenarioFile(scenario);
  const asked = stream ? { ...process.env, LLM_STREAM: '1' } : process.env;
  const given = withAbsolutePaths(asked, process.cwd());
  const env = wantsOwnMeter(given) ? { ...given, LLM_TRANSPORT: 'auto' } : given;
  const settings = readSettings(env);
  const apiKey = readApiKey(env, settings.provider);
  const metricsKey = (env['LLM_METRICS_KEY'] ?? '').trim();
  const findings = [
    await checkK6(file, env),
    describeSettings(settings, { env, apiKey, startsMeter: needsMeter(settings, given) }),
    ...presetFinding(settings),
    ...unknownFinding(given),
    await checkTarget(settings, apiKey),
    ...(asks ? [await askModels(settings, apiKey)] : []),
    ...(await checkMetrics(settings, { apiKey, metricsKey })),
    describeRequest(settings),
  ].filter((finding) => finding !== null);
  for (const finding of findings) console.log(renderFinding(finding).join('\n'));
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function checkK6(scenario: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const k6 = await findK6((line) => console.log(line), env);
    const options = await inspectOptions(k6.path, { file: scenario, env });
    return {
      title: `k6 ${k6.version.text} from ${k6.source}: ${k6.path}`,
      ok: options.ok,
      lines: [
        `k6/x/sse: ${k6.hasSse ? 'compiled in' : 'not compiled in (only LLM_TRANSPORT=sse needs it)'}`,
        ...options.lines,
      ],
    };
  } catch (error) {
    if (!(error instanceof K6Missing)) throw error;
    return { title: 'k6', ok: false, lines: error.message.split('\n') };
  }
}

function describeSettings(
  settings: Settings,
  { env, apiKey, startsMeter }: { env: NodeJS.ProcessEnv; apiKey: string | null; startsMeter: boolean },
): Finding {
  const width = Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
  const missing = missingFiles(env);
  const lines = SETTING_NAMES.map((name) => {
    const value = name === 'LLM_API_KEY' ? maskKey(settings, apiKey) : settings.resolved[name];
    const isSet = (env[name] ?? '').trim() !== '' && !hasTrait(name, 'secret');
    const source = sourceOf(name) ?? (isSet ? 'set' : null);
    const meter = name === 'LLM_TRANSPORT' && startsMeter ? ' (k6-llm run starts a stream meter)' : '';
    const file = missing.includes(name) ? ', but there is no such file' : '';
    return `${name.padEnd(width)}${value === '' ? '-' : value}${meter}${file}${source === null ? '' : `  (${source})`}`;
  });
  const ok = (apiKey !== null || !settings.provider.needsKey) && missing.length === 0;
  return { title: `settings (${SETTING_NAMES.length})`, ok, lines };
}

/** What the preset knows of its provider, and from where. */
function presetFinding({ provider }: Settings): Finding[] {
  const name = PROVIDER_NAMES.find((preset) => preset === provider.name);
  const source = name === undefined ? null : PROVIDER_SOURCES[name];
  if (source === null) return [];
  const lines = [...describeQuirks(provider), `as in ${source}`];
  return [{ title: `preset ${provider.name}`, ok: true, lines }];
}

/** As a run warns of them. */
function unknownFinding(env: NodeJS.ProcessEnv): Finding[] {
  const lines = unknownSettings(env);
  return lines.length === 0 ? [] : [{ title: 'unknown settings', ok: true, doubtful: true, lines }];
}

function maskKey({ provider }: Settings, apiKey: string | null): string {
  if (apiKey !== null) return `${'*'.repeat(8)} (${apiKey.length} characters)`;
  if (!provider.needsKey) return 'none';
  const variable = provider.keyVariable ?? 'LLM_API_KEY';
  return `none; ${provider.name} answers nobody without one: set LLM_API_KEY or ${variable}`;
}

/** The first request's body, as it would be sent. */
function describeRequest(settings: Settings): Finding {
  const { provider, mix, stream, tokenParam, temperature, extraBody, maxTokens, systemPrompt } = settings;
  const [first] = mix;
  const prompt = createBuiltInPicker(settings.seed).pick(0);
  const system = systemPrompt.kind === 'own' ? systemPrompt.text : DEFAULT_SYSTEM_PROMPT;
  const messages =
    systemPrompt.kind === 'none'
      ? prompt.messages
      : [{ role: 'system' as const, content: system }, ...prompt.messages];
  const kind = kindOf(first?.kind ?? settings.kind);
  const options = { kind, provider, stream, tokenParam, temperature, extraBody };
  const template = payloadTemplate(first?.model ?? '', options);
  const body = buildBody(template, kind.encode(messages), {
    maxTokens,
    exactLength: false,
  });
  return {
    title: 'a request as it would be sent',
    ok: true,
    lines: [
      `POST ${shownAddress(callUrl(settings.endpoints, kind.path))}`,
      ...JSON.stringify(JSON.parse(body), null, 2).split('\n'),
    ],
  };
}
