import type { Attempt } from '../../attempt.ts';
import type { Wire } from '../../providers.ts';

/** Where requests go, and how they are dressed. */
export type Target = {
  /** The tag `provider`. */
  name: string;
  url: string;
  wire: Wire;
  /** Authentication included: never print it. */
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** The HTTP tag `name`: never a URL. */
  tag: 'llm' | 'warmup' | 'preflight';
};

export type WireRequest = {
  body: string;
  /** A streamed answer was asked for. */
  stream: boolean;
  /** Every gap between events is wanted. */
  wantsGaps: boolean;
  /** The answer's text is wanted, for a conversation. */
  wantsText: boolean;
};

/** An attempt, and what only some callers need. */
export type Answer = {
  attempt: Attempt;
  /** The answer's text; null unless it was wanted and there. */
  text: string | null;
  /** The body as it came, for preflight; empty where the transport does not show it. */
  bodyText: string;
};

/** Sends one request and waits for its end. It never throws: whatever happens is an attempt. */
export type Transport = (request: WireRequest) => Answer;
