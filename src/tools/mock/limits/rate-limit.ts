import type { Now } from '../time/scheduler.ts';
import type { HeaderLines } from '../../http1/render-head.ts';

/**
 * A token bucket (what hosted APIs do with requests and tokens a minute): it holds `burst`, and fills at
 * `perMinute`.
 */
class Bucket {
  readonly perMinute: number;
  readonly #burst: number;
  readonly #now: Now;
  #level: number;
  #atMs: number;

  constructor(limit: { perMinute: number; burst: number }, now: Now) {
    this.perMinute = limit.perMinute;
    this.#burst = limit.burst;
    this.#now = now;
    this.#level = limit.burst;
    this.#atMs = now();
  }

  /** What is in it now; below 0 when more was taken than was there. */
  get level(): number {
    const nowMs = this.#now();
    this.#level = Math.min(this.#burst, this.#level + ((nowMs - this.#atMs) * this.perMinute) / 60_000);
    this.#atMs = nowMs;
    return this.#level;
  }

  take(amount: number): void {
    this.#level = this.level - amount;
  }

  /** Until it holds `amount`, ms; 0 if it does. */
  waitMs(amount: number): number {
    return Math.max(0, ((amount - this.level) * 60_000) / this.perMinute);
  }
}

export type RateLimitOptions = {
  requestsPerMinute: number;
  /** Requests that may come at once. */
  burstRequests: number;
  tokensPerMinute: number;
};

/** Requests and tokens a minute, as `x-ratelimit-*` headers tell them. */
export class RateLimit {
  readonly #requests: Bucket;
  readonly #tokens: Bucket;

  constructor(options: RateLimitOptions, now: Now) {
    const { requestsPerMinute, burstRequests, tokensPerMinute } = options;
    this.#requests = new Bucket({ perMinute: requestsPerMinute, burst: burstRequests }, now);
    this.#tokens = new Bucket({ perMinute: tokensPerMinute, burst: tokensPerMinute }, now);
  }

  /** Takes one request and the tokens it may use. A number is the wait that it was refused for, ms. */
  admit(tokens: number): number | null {
    const waitMs = Math.max(this.#requests.waitMs(1), this.#tokens.waitMs(1));
    if (waitMs > 0) return waitMs;
    this.#requests.take(1);
    this.#tokens.take(tokens);
    return null;
  }

  headers(): HeaderLines {
    return {
      'x-ratelimit-limit-requests': String(this.#requests.perMinute),
      'x-ratelimit-remaining-requests': String(Math.max(0, Math.floor(this.#requests.level))),
      'x-ratelimit-limit-tokens': String(this.#tokens.perMinute),
      'x-ratelimit-remaining-tokens': String(Math.max(0, Math.floor(this.#tokens.level))),
    };
  }
}
