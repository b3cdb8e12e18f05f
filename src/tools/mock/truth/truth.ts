import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import type { FaultName } from '../faults/faults.ts';
import type { Lateness } from './lateness.ts';
import type { RequestRecord } from './request-record.ts';
import type { ModelTally } from './model-tally.ts';

/** Arrivals beyond these are counted but not listed; records and bodies beyond theirs drop the oldest. */
export const MAX_ARRIVALS = 1_000_000;
export const MAX_RECORDS = 20_000;
export const MAX_BODIES = 1_000;
/** What the mock did, to hold a client's figures against. Times are ms since `startedAt`. */
export type Truth = {
  seed: number;
  /** ISO 8601, of the start or the last reset. */
  startedAt: string;
  /** started = answered + broken + aborted + inFlight. Broken: by a fault; aborted: by the client. */
  requests: { started: number; answered: number; broken: number; aborted: number; inFlight: number };
  models: Record<string, ModelTally>;
  /** The same by the kind of request. */
  kinds: Record<string, ModelTally>;
  totals: ModelTally;
  /** Faults that took effect. */
  faults: Partial<Record<FaultName, number>>;
  /** What a right client counts by kind, clients' own timeouts left out but those of `hang`. */
  errors: Partial<Record<ErrorKind, number>>;
  /** Answers begun, by HTTP status. */
  statuses: Record<string, number>;
  /** Of every chat request, in order, with microseconds; the first MAX_ARRIVALS. */
  arrivalsMs: readonly number[];
  maxConcurrent: number;
  maxQueued: number;
  /** Of writes of a stream's first token, of later tokens, and of whole answers, after they were due. */
  firstWriteLateMs: Lateness;
  tokenWriteLateMs: Lateness;
  answerWriteLateMs: Lateness;
  /** `started`, and the ends of streams by `AnswerEnd`. */
  streams: Record<string, number>;
  /** Requests that met a connection that `silent_close` had left dead: never read, in no other count. */
  droppedConnections: number;
  requestRecords?: readonly RequestRecord[];
  bodies?: readonly { id: number; body: string }[];
};
