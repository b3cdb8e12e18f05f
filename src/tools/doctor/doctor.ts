import { CATALOG, SETTING_NAMES } from '../../lib/config/catalog.ts';
import { readApiKey, readSettings, type Settings } from '../../lib/config/settings.ts';
import { buildBody, encodeMessages, payloadTemplate } from '../../lib/payload.ts';
import { authHeaders } from '../../lib/providers.ts';
import { createBuiltInPicker, DEFAULT_SYSTEM_PROMPT } from '../../lib/prompts.ts';
import { findK6 } from '../k6/find-k6.ts';
import { K6Missing } from '../k6/k6-missing.ts';
import { scenarioFile } from '../run/scenario-file.ts';
import { inspectOptions } from './inspect-options.ts';

const TIMEOUT_MS = 5000;

/** What a check found; `ok: false` means that a run could not start. */
type Finding = { title: string; ok: boolean; lines: readonly string[] };

/** Prints what a run would use and do. @returns the exit code. */
export async function doctor(scenario: string): Promise<number> {
  const settings = readSettings(process.env);
  const { file } = scenarioFile(scenario);
  const apiKey = readApiKey(process.env, settings.provider);
  const k6 = await checkK6(file);
  const findings = [
    k6,
    describeSettings(settings, apiKey),
    await checkTarget(settings, apiKey),
    describeRequest(settings),
  ];
  for (const { title, ok, lines } of findings) {
    console.log(`${ok ? '✓' : '✗'} ${title}`);
    for (const line of lines) console.log(`    ${line}`);
    console.log('');
  }
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function checkK6(scenario: string): Promise<Finding> {
  try {
    const k6 = await findK6((line) => console.log(line));
    const options = await inspectOptions(k6.path, scenario);
    return {
      title: `k6 ${k6.version.text} from ${k6.source}: ${k6.path}`,
      ok: options.ok,
      lines: [
        `k6/x/sse: ${k6.hasSse ? 'compiled in' : 'not compiled in (LLM_TRANSPORT=sse needs it; the meter does not)'}`,
        ...options.lines,
      ],
    };
  } catch (error) {
    if (!(error instanceof K6Missing)) throw error;
    return { title: 'k6', ok: false, lines: error.message.split('\n') };
  }
}

function describeSettings(settings: Settings, apiKey: string | null): Finding {
  const width = Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
  const lines = SETTING_NAMES.map((name) => {
    const value = name === 'LLM_API_KEY' ? maskKey(settings, apiKey) : settings.resolved[name];
    const isDefault = (process.env[name] ?? '').trim() === '';
    return `${name.padEnd(width)}${value === '' ? '-' : value}${isDefault ? '' : '  (set)'}`;
  });
  return { title: `settings (${Object.keys(CATALOG).length})`, ok: true, lines };
}

function maskKey({ provider }: Settings, apiKey: string | null): string {
  if (apiKey !== null) return `${'*'.repeat(8)} (${apiKey.length} characters)`;
  return provider.needsKey ? `none; ${provider.name} answers nobody without one` : 'none';
}

async function checkTarget(settings: Settings, apiKey: string | null): Promise<Finding> {
  const { endpoints, provider, extraHeaders } = settings;
  const title = `target ${endpoints.displayUrl} (${provider.name})`;
  try {
    const response = await fetch(endpoints.modelsUrl, {
      headers: { ...provider.headers, ...authHeaders(provider, apiKey), ...extraHeaders },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    const refused = response.status === 401 || response.status === 403;
    const meaning = refused
      ? ': the key is refused'
      : response.status === 404
        ? ': it has no list of models, which is fine'
        : '';
    return { title, ok: !refused, lines: [`GET models: HTTP ${response.status}${meaning}`] };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const hint = provider.name === 'mock' ? ['start the mock with: npx k6-llm mock'] : [];
    return { title, ok: false, lines: [`nothing answers (${cause})`, ...hint] };
  }
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
  const template = payloadTemplate(first?.model ?? '', {
    wire: provider.wire,
    stream,
    tokenParam,
    temperature,
    extraBody,
  });
  const body = buildBody(template, { encodedMessages: encodeMessages(provider.wire, messages), maxTokens });
  const shown = JSON.stringify(JSON.parse(body), null, 2).split('\n');
  return {
    title: 'a request as it would be sent',
    ok: true,
    lines: [`POST ${settings.endpoints.displayUrl}`, ...shown],
  };
}
