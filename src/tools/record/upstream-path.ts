import { decodedSegment } from '../http1/decoded-segment.ts';
import type { UpstreamTarget } from '../meter/upstream/upstream-target.ts';

/** Where a client's path leads: what stands behind its `/v1` goes behind the target's own beginning, its query and then the target's. */
export function upstreamPath({ modelsPath }: Pick<UpstreamTarget, 'modelsPath'>, path: string): string {
  const [whole = '', query = ''] = modelsPath.split('?');
  const root = whole.replace(/\/models$/, '');
  const asked = path.replace(/^\/v1(?=\/|$)/, '');
  const joined = azurePath(root, asked) ?? `${root}${asked}`;
  const given = new Set(new URLSearchParams(path.split(/\?(.*)/s)[1] ?? '').keys());
  // A client that says a name itself (Azure's `api-version`) knows best.
  const added = query.split('&').filter((pair) => pair !== '' && !given.has(pair.replace(/=.*$/s, '')));
  if (added.length === 0) return joined;
  return `${joined}${joined.includes('?') ? '&' : '?'}${added.join('&')}`;
}

/**
 * Azure's clients say all that stands behind a resource (`/openai/deployments/NAME/…`, `/openai/responses`), or with a base URL of
 * their own what stands behind its `/openai`. The target's address may lead into any place of it. null: it is no such path.
 */
function azurePath(root: string, asked: string): string | null {
  if (!/^(\/openai|\/deployments)(?=\/)/.test(asked)) return null;
  const resource = root.replace(/(\/openai)?(\/deployments(\/[^/]*)?|\/v\d+(beta\d*)?)?$/i, '');
  return `${resource}${asked.startsWith('/openai') ? '' : '/openai'}${asked}`;
}

/** The deployment that a path of Azure's names, which is its model; null: it names none. */
export function deploymentIn(path: string): string | null {
  const name = /\/deployments\/([^/?]+)\//.exec(path)?.[1];
  return name === undefined ? null : decodedSegment(name);
}
