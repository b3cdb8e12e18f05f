import { type Settings } from '../../lib/settings/settings.ts';
import { describeBody } from '../../lib/answer/failure/error-body.ts';
import { parseJson } from '../../lib/parse/json.ts';
import { callUrl } from '../../lib/request/call-url.ts';
import { describeList, isListed, readModelList } from '../../lib/request/model-list.ts';
import { snippetOf } from '../../lib/answer/failure/snippet.ts';
import { fetchDirect, RedirectError } from '../http1/fetch-direct.ts';
import type { Finding } from './finding.ts';
import { hidden, reasonOf, targetRequest } from './target-request.ts';

const TIMEOUT_MS = 5000;

/** Asks the target for its list of models, as setup does. */
export async function checkTarget(settings: Settings, apiKey: string | null): Promise<Finding> {
  const { endpoints, provider } = settings;
  const title = `target ${endpoints.displayUrl} (${provider.name})`;
  const { url, headers } = targetRequest(callUrl(endpoints, 'models'), settings, apiKey);
  try {
    const response = await fetchDirect(url, {
      setting: 'LLM_BASE_URL',
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const bodyText = await response.text();
    return { title, ...judge(settings, response.status, hidden(bodyText, settings, apiKey)) };
  } catch (error) {
    if (error instanceof RedirectError) return { title, ok: false, lines: [`GET models: ${error.message}`] };
    const { name, startCommand } = provider;
    const hint = startCommand === null ? [] : [`start the ${name} with: ${startCommand}`];
    return { title, ok: false, lines: [`nothing answers: ${reasonOf(error)}`, ...hint] };
  }
}

/** Servers without a list of models answer with one of these. */
const NO_SUCH_PAGE = [404, 405, 501];

function judge({ mix }: Settings, status: number, bodyText: string): Omit<Finding, 'title'> {
  const line = `GET models: HTTP ${status}`;
  if (NO_SUCH_PAGE.includes(status))
    return { ok: true, lines: [`${line}: it has no list of models, which is fine`] };
  if (status >= 200 && status < 300) {
    const listed = readModelList(bodyText);
    const missing = mix.map(({ model }) => model).filter((model) => !isListed(model, listed));
    const doubt = `asked ${describeList(missing).replace(/^only /, '')}, the server lists ${describeList(listed ?? [])}`;
    return {
      ok: true,
      doubtful: missing.length > 0,
      lines: missing.length === 0 ? [line] : [line, `${doubt}: is LLM_MIX right?`],
    };
  }
  const words = snippetOf(describeBody(parseJson(bodyText))?.message ?? bodyText);
  const said = words === '' ? [] : [`it says: ${words}`];
  const refused = status === 401 || status === 403;
  const meaning = refused ? 'the key is refused' : 'no reason not to start, but a request may fare no better';
  return { ok: !refused, doubtful: true, lines: [`${line}: ${meaning}`, ...said] };
}
