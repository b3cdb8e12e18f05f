import type { Attempt } from './attempt.ts';
import type { ToolCall } from './tool-calls.ts';

/**
 * What the stream meter answers k6 with: the attempt as it saw it, as JSON, under the upstream's own status
 * (no answer: 502, time-out: 504). Times count from the moment the request was written on an open socket, so
 * connection set-up and the hop from k6 are in none of them.
 */
export type MeterAnswer = {
  v: 1;
  attempt: Attempt;
  /** From the meter's first byte of k6's request to its last byte upstream's, ms: k6's own clock minus this is the hop. */
  servedMs: number;
  /** 99th percentile of the meter's event-loop delay over its last seconds, ms. */
  loopDelayMs: number;
  /** The answer's text, for conversations; null unless asked for. */
  text: string | null;
  /** Empty unless the text was asked for. */
  toolCalls: readonly ToolCall[];
  /** The upstream's body (its first 2,000 characters) where it refused the request; else empty. */
  bodyText: string;
  /** A kept-alive connection had died, and the request went out once more on a fresh one. */
  retriedConnection: boolean;
  /** Refused before it was sent, because it might pass the budget. */
  overBudget: boolean;
};

/** Headers that k6 sends to the meter. None of them reaches the upstream. */
export const METER_HEADERS = {
  /** `1`: send every gap. */
  gaps: 'x-meter-gaps',
  /** `1`: send the answer's text. */
  text: 'x-meter-text',
  /** When the user gives the stream up: `ms:2000`, `tokens:20`. */
  leaveAfter: 'x-meter-leave-after',
  /** Time-out of this request, ms. */
  timeoutMs: 'x-meter-timeout-ms',
} as const;
