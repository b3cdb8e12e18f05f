import type { TransportName } from '../settings/settings.ts';

/** What a run can and cannot feed its metrics with. */
export type RunFacts = {
  transport: TransportName;
  /** Some of its requests ask for streamed answers. */
  stream: boolean;
  /** `LLM_ICL=all`. */
  recordsGaps: boolean;
  /** `LLM_ARRIVALS` other than `even`, in an open scenario. */
  scheduled: boolean;
  /** Parts whose requests arrive whether or not others have been answered, by their `test_type`. */
  openParts: readonly string[];
  /** `LLM_WARMUP` above 0. */
  hasWarmup: boolean;
  /** Its function is the scenario's own, so it may send requests of any name. */
  hasOwnBehaviour: boolean;
  /** Metrics that the scenario's own thresholds name, and that are neither ours nor k6's. */
  ownMetrics: readonly string[];
  /** The values that the tags of its samples take. */
  models: readonly string[];
  testTypes: readonly string[];
  providers: readonly string[];
  /** Kinds of requests that it sends, and those of them that are answered with text. */
  kinds: readonly string[];
  textKinds: readonly string[];
  /** Its samples carry the kind of their request. */
  tagsKind: boolean;
  windows: readonly string[];
  steps: readonly string[];
  turns: readonly string[];
  /** Sessions are sent, of a file or of a trace. */
  hasSessions: boolean;
};
