import { parseArray } from './parse-sample.ts';

/** Why a request failed: a line beside the samples, the first of each kind from each VU. */
export type FailureLine = {
  /** `network`, `server`, … */
  kind: string;
  model: string;
  message: string;
};

const MARKER = '["llm-f1",';

/** The line, without a line end. */
export function encodeFailure({ kind, model, message }: FailureLine): string {
  return JSON.stringify(['llm-f1', kind, model, message]);
}

/** What a line of `encodeFailure` says; null for any other line. */
export function parseFailure(line: string): FailureLine | null {
  if (!line.startsWith(MARKER)) return null;
  const [, kind, model, message] = parseArray(line) ?? [];
  if (typeof kind !== 'string' || typeof model !== 'string' || typeof message !== 'string') return null;
  return { kind, model, message };
}
