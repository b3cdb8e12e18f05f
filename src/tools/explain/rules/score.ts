/** What one tool would print of a stream. null: it has no such figure, or it cannot be told from the recording. */
export type StreamScore = {
  outcome: ToolOutcome;
  ttftMs: number | null;
  /** Whatever the tool calls time per output token, or prints in its place. */
  tpotMs: number | null;
  latencyMs: number | null;
  outputTokens: number | null;
  /** What it would print with its option to believe the server's usage; null: it needs none, or there is no usage. */
  withServerTokens: ServerTokens | null;
  /** Why its figures are as they are, as far as this stream shows it. */
  notes: readonly string[];
};

export type ServerTokens = { option: string; outputTokens: number; tpotMs: number | null };

/** `failed`: the tool would count the request as one. `unread`: it is not told what the tool would say. */
export type ToolOutcome = { kind: 'ok' } | { kind: 'failed' | 'unread'; reason: string };

/** A tool with the text that its rule was read from. */
export type ToolRule = {
  tool: string;
  /** The version read: its public repository, and the commit. */
  version: string;
  /** The files of that version; `file@commit` where they were read at commits of their own. */
  files: readonly string[];
};

const NO_FIGURES = {
  ttftMs: null,
  tpotMs: null,
  latencyMs: null,
  outputTokens: null,
  withServerTokens: null,
};

/** The tool would count this stream as a failure, and print no figure of it. */
export function failedScore(reason: string): StreamScore {
  return { outcome: { kind: 'failed', reason }, ...NO_FIGURES, notes: [] };
}

/** Nothing can be said of this stream under the tool's rule. */
export function unreadScore(reason: string): StreamScore {
  return { outcome: { kind: 'unread', reason }, ...NO_FIGURES, notes: [] };
}

/** (end - first) / (tokens - 1); null where that is not defined, or a part of it unknown. */
export function perToken(spanMs: number | null, tokens: number | null): number | null {
  return spanMs === null || tokens === null || tokens < 2 ? null : spanMs / (tokens - 1);
}

/** The same without its times: a capture holds none. */
export function withoutTimes(score: StreamScore): StreamScore {
  const { withServerTokens } = score;
  return {
    ...score,
    ttftMs: null,
    tpotMs: null,
    latencyMs: null,
    withServerTokens: withServerTokens === null ? null : { ...withServerTokens, tpotMs: null },
  };
}
