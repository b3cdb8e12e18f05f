import type { Ledger } from './ledger.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import type { UpstreamTarget } from './upstream/upstream-target.ts';
import type { PatienceMs } from './front/front-connection.ts';

/** How a meter works. */
export type MeterOptions = {
  target: UpstreamTarget;
  /** Authentication and the provider's own headers, on every request. Never printed. */
  headers: Readonly<Record<string, string>>;
  /** Loopback only. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** Connections to open before the first request. */
  connections: number;
  /** Of one request, where k6 does not say it, ms. */
  timeoutMs: number;
  /** Dollars that are never passed, and the prices to count them with; null: no limit. `ledger`: who keeps the sums, where not this meter. */
  budget: { limitUsd: number; pricing: Pricing; ledger?: Ledger } | null;
  /** A file to append one JSON line a request to; null: none. */
  record: { file: string; events: boolean } | null;
  /** How long it waits for k6 to send; default: ten minutes idle, a minute for a whole request. */
  patienceMs?: PatienceMs;
  /** What `GET /__meter` answers; default: this meter's own figures. */
  page?: () => unknown;
  /** Most bytes that all answers together may have in waiting; default: 512 MB. */
  maxHeldBytes?: number;
};

/** Most processes that share one port. */
export const MAX_WORKERS = 64;
export const DEFAULT_TIMEOUT_MS = 120_000;
/** How long answers in progress may take once the meter was told to end, ms: less than the launcher waits. */
export const DRAIN_MS = 8000;
