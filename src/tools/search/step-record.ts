/** What one k6 run of a search measured: what verdicts are made of, and all that `--resume` needs. */
export type StepRecord = {
  /** From 1, in the order in which they ran. */
  number: number;
  /** Requests a second, or users. */
  load: number;
  /** `short`: on the way up, for a look; `full`: as long as its percentiles ask. */
  length: StepLength;
  /** Within the answer's folder. */
  folder: string;
  /** Measured, without warm-up, seconds. */
  measuredSec: number;
  terms: readonly TermSamples[];
  /** How latency grew while the load stayed the same; null where too few requests tell, and for users, who wait. */
  growth: LatencyGrowth | null;
  requests: number;
  succeeded: number;
  /** Of the time measured alone; the two above have the warm-up's too. */
  measured: { requests: number; failed: number };
  errors: Readonly<Record<string, number>>;
  latencyMs: StepPercentiles | null;
  ttftMs: StepPercentiles | null;
  tpotMs: StepPercentiles | null;
  /** Requests under way at a time, on average. */
  openAtOnce: number;
  /** Share of requests that met `LLM_SLO`; null where nobody judged. */
  goodputRatio: number | null;
  goodPerSec: number | null;
  outputTokensPerSec: number | null;
  /** Of one user while an answer is written; null without token counts. */
  tokensPerSecAUser: number | null;
  /** Its preflight included. */
  costUsd: number | null;
  usdPerHour: number | null;
  drive: Drive;
  /** Stopped before its time, because no rest of it could have kept the service level. */
  isCutShort: boolean;
};

export type StepLength = 'short' | 'full';

export type StepPercentiles = { p50: number; p95: number };

/** Samples of one term by blocks of time: for a share, bad ones of all; for a mean, the sum over all. */
export type TermSamples = {
  text: string;
  /** The measure itself, in its unit; null without samples. */
  value: number | null;
  sums: readonly number[];
  counts: readonly number[];
};

/** Mann and Kendall's count over ten blocks, -45 to 45, and how far the last blocks are above the first, in their units. */
export type LatencyGrowth = { score: number; riseRatio: number };

/** Whether the client made the load that it was to make. */
export type Drive = {
  /** Of the load asked, the share that was made. */
  madeRatio: number | null;
  /** Why the client itself was the limit, whatever the server did. */
  clientBound: readonly string[];
  /** What the client lacked to make the load: free VUs, on time. */
  shortOf: readonly string[];
};
