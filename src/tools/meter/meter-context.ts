import type { Budget } from './budget.ts';
import type { LoopDelayMonitor } from './loop-delay.ts';
import type { RecordFile } from './record-file.ts';
import type { MeterTally } from './meter-tally.ts';
import type { UpstreamPool } from './upstream/upstream-pool.ts';
import type { OwnHeaders } from './upstream/upstream-request.ts';
import type { UpstreamTarget } from './upstream/upstream-target.ts';
import type { HeldBytes } from './held-bytes.ts';

/** What every request of a meter shares. */
export type MeterContext = {
  target: UpstreamTarget;
  pool: UpstreamPool;
  /** Authentication is in it: never print it. */
  ownHeaders: OwnHeaders;
  /** Never to be handed on in a message: servers repeat the key that they refuse. */
  secrets: readonly string[];
  /** Of one request, where k6 does not say it, ms. */
  timeoutMs: number;
  /** null: no limit. */
  budget: Budget | null;
  /** null: nothing is recorded. */
  record: RecordFile | null;
  /** A mark of every read is wanted, for the record. */
  keepsReads: boolean;
  held: HeldBytes;
  tally: MeterTally;
  loopDelay: LoopDelayMonitor;
};
