import type { FaultRule } from '../faults/draw-faults.ts';
import type { ModelText, TimingText } from '../chat/models.ts';

/** How a mock behaves. What is left out has the default beside it. */
export type MockOptions = {
  /** Loopback only: `127.0.0.1` (default), `::1` or `localhost`. */
  host?: string;
  /** 0, the default: any free one. */
  port?: number;
  /** Timing of every model that `models` does not list; without it each has its own, others 200 / 20 / 64. */
  timing?: TimingText;
  models?: readonly ModelText[];
  /** Names that are not listed get 404. */
  strictModels?: boolean;
  /** Generations at a time; Infinity: no limit. Default 64. */
  slots?: number;
  /** Requests that may wait for a slot; beyond them 503. Default 256. */
  queue?: number;
  /** By how much of itself each other running generation lengthens the time between tokens. Default 0. */
  batchSlowdownRatio?: number;
  /** Prompt tokens read a second, cached ones left out; null, the default: at once. */
  prefillTokensPerSec?: number | null;
  /** Tokens a second that all running generations share; null, the default: no limit. */
  decodeTokensPerSec?: number | null;
  faults?: readonly FaultRule[];
  /** Default 42. */
  seed?: number;
  /** Requests without it get 401. Default: none is asked for. */
  apiKey?: string | null;
  /** Repeated prefixes of prompts count as cached. */
  promptCache?: boolean;
  /** null, the default: no limit and no `x-ratelimit-*`. */
  rateLimit?: { requestsPerMinute: number; burstRequests?: number; tokensPerMinute?: number } | null;
  /** The last 1,000 request bodies can be asked for. */
  keepBodies?: boolean;
};

export const DEFAULT_SLOTS = 64;
export const DEFAULT_QUEUE = 256;
export const DEFAULT_SEED = 42;
/** Tokens a minute for each request a minute, where only requests are limited. */
export const DEFAULT_TOKENS_PER_REQUEST = 2_000;
