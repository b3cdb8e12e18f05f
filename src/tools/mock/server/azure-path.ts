import { decodedSegment } from '../../http1/decoded-segment.ts';

/**
 * A path as OpenAI has it, of one as Azure has it: `/openai/deployments/NAME/chat/completions`, `/openai/responses`,
 * `/openai/v1/…` (learn.microsoft.com, as of 2026-11). `deployment` is the model of requests that name none; null: none in the path.
 */
export function plainPath(path: string): { path: string; deployment: string | null } {
  const [, name, rest] = /^\/openai(?:\/deployments\/([^/]+)|\/v1)?(\/.+)$/.exec(path) ?? [];
  return rest === undefined
    ? { path, deployment: null }
    : { path: `/v1${rest}`, deployment: name === undefined ? null : decodedSegment(name) };
}
