import type { Headers } from './find-header.ts';

/** What is left of one limit; `limit` is one of a small closed set (it becomes a tag). */
export type RateLimitRemaining = { limit: string; remaining: number };

/** OpenAI's and its kin's `x-ratelimit-remaining-tokens`; Anthropic's `anthropic-ratelimit-tokens-remaining`. */
const NAME =
  /^(?:x-ratelimit-remaining-((?:input-|output-)?(?:requests|tokens)(?:-(?:minute|hour|day))?)|anthropic-ratelimit-((?:input-|output-)?(?:requests|tokens))-remaining)$/;

/** What the server says is left, by limit. Any other header name is passed over, so tags stay few. */
export function readRateLimits(headers: Headers): readonly RateLimitRemaining[] {
  let found: RateLimitRemaining[] | null = null;
  for (const name of Object.keys(headers)) {
    // Most headers are others: a cheap test first.
    if (name.length < 22 || !/ratelimit/i.test(name)) continue;
    const match = NAME.exec(name.toLowerCase());
    const value = (headers[name] ?? '').trim();
    if (match === null || !/^\d{1,15}$/.test(value)) continue;
    found ??= [];
    found.push({ limit: match[1] ?? match[2] ?? '', remaining: Number(value) });
  }
  return found ?? NONE;
}

const NONE: readonly RateLimitRemaining[] = [];
