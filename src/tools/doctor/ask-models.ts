import { attemptOf, type ReadAnswer } from '../../lib/answer/http-answer.ts';
import { withoutSecrets } from '../../lib/answer/failure/secrets.ts';
import { PREFLIGHT_MAX_TOKENS } from '../../lib/request/judge-preflight.ts';
import { nameDoubt } from '../../lib/request/model-list.ts';
import { kindOf } from '../../lib/kinds/kinds.ts';
import { callUrl } from '../../lib/request/call-url.ts';
import { buildBody, payloadTemplate } from '../../lib/request/build-body.ts';
import type { Message } from '../../lib/request/message.ts';
import type { Settings } from '../../lib/settings/settings.ts';
import { fetchDirect, RedirectError } from '../http1/fetch-direct.ts';
import type { Finding } from './finding.ts';
import { reasonOf, secretsOf, targetRequest } from './target-request.ts';

/** With these a run would not start. */
const FATAL: readonly string[] = ['auth', 'quota', 'bad_request', 'network'];

const QUESTION: Message = { role: 'user', content: 'Name a bird.' };

/** Asks each model of the mix one small question, in one piece, and tells who answers. */
export async function askModels(settings: Settings, apiKey: string | null): Promise<Finding> {
  const asked: { ok: boolean; doubtful: boolean; line: string }[] = [];
  for (const { model, kind } of settings.mix) {
    asked.push(await askModel(model, { settings: { ...settings, kind: kind ?? settings.kind }, apiKey }));
  }
  return {
    title: `models asked (${asked.length})`,
    ok: asked.every(({ ok }) => ok),
    doubtful: asked.some(({ doubtful }) => doubtful),
    lines: asked.map(({ line }) => line),
  };
}

async function askModel(
  model: string,
  { settings, apiKey }: { settings: Settings; apiKey: string | null },
): Promise<{ ok: boolean; doubtful: boolean; line: string }> {
  const startMs = performance.now();
  let answer: ReadAnswer;
  try {
    answer = await post(model, { settings, apiKey, startMs });
  } catch (error) {
    const why = error instanceof RedirectError ? error.message : `nothing answers: ${reasonOf(error)}`;
    return { ok: false, doubtful: true, line: `${model}: ${why}` };
  }
  const { outcome, answeredModel, usage } = withoutSecrets(answer, secretsOf(settings, apiKey)).attempt;
  if (outcome.kind === 'failed') {
    const ok = !FATAL.includes(outcome.error);
    return { ok, doubtful: true, line: `${model} failed, ${outcome.error}: ${outcome.message}` };
  }
  const doubt = nameDoubt(model, { answered: answeredModel, listed: null });
  const tokens = usage.outputTokens === null ? 'no token count' : `${usage.outputTokens} tokens out`;
  const took = `answered in ${Math.round(performance.now() - startMs)} ms, ${tokens}`;
  return {
    ok: true,
    doubtful: doubt !== null,
    line: doubt === null ? `${model}: ${took}` : `${doubt}; ${took}`,
  };
}

async function post(
  model: string,
  { settings, apiKey, startMs }: { settings: Settings; apiKey: string | null; startMs: number },
): Promise<ReadAnswer> {
  const { provider, tokenParam, temperature, extraBody, endpoints, timeoutMs } = settings;
  const kind = kindOf(settings.kind);
  const options = { kind, provider, stream: false, tokenParam, temperature, extraBody };
  const messages = kind.encode(kind.hasQuery ? [QUESTION, QUESTION] : [QUESTION]);
  const { url, headers } = targetRequest(callUrl(endpoints, kind.path), settings, apiKey);
  const response = await fetchDirect(url, {
    setting: 'LLM_BASE_URL',
    method: 'POST',
    headers: { 'content-type': 'application/json', ...kind.headers, ...headers },
    body: buildBody(payloadTemplate(model, options), messages, {
      maxTokens: PREFLIGHT_MAX_TOKENS,
      exactLength: false,
    }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const ttfbMs = performance.now() - startMs;
  const bodyText = await response.text();
  return attemptOf({
    status: response.status,
    errorCode: 0,
    errorText: '',
    headers: Object.fromEntries(response.headers),
    bodyText,
    stream: false,
    wantsText: false,
    asked: { kind, items: null },
    ttfbMs,
    endMs: performance.now() - startMs,
    nowMs: Date.now(),
  });
}
