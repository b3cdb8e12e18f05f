import type { LeaveAfter } from '../../../load/parse-abort.ts';
import type { ReadAnswer } from '../../../answer/http-answer.ts';
import type { Kind } from '../../../kinds/kind.ts';

/** Where requests go, and how they are dressed. */
export type Target = {
  /** The tag `provider`. */
  name: string;
  url: string;
  /** What is sent there. */
  kind: Kind;
  /** Authentication included: never print it. */
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** The HTTP tag `name`: never a URL. */
  tag: 'llm' | 'warmup' | 'preflight';
  /** Every gap between events is wanted. */
  wantsGaps: boolean;
};

/** What is wanted of an answer, beside what is always told. */
export type Wants = {
  /** When its user leaves; not given: the answer is waited for. */
  leaveAfter?: LeaveAfter;
  /** A streamed answer was asked for. */
  stream: boolean;
  /** The answer's text is wanted, for a conversation. */
  wantsText: boolean;
  /** Items that the answer must hold; null: it is text, or that is not known. */
  items: number | null;
};

/** What a request came to. */
export type Answer = ReadAnswer & {
  /** The meter refused to send it: it might have passed the budget. */
  overBudget?: true;
  /** The meter itself gave no answer: `refused` when nothing listens there any more. */
  meterGone?: 'refused' | 'no-answer';
};

/** Sends one request and waits for its end. It never throws: whatever happens is an attempt. */
export type Transport = (body: string, wants: Wants) => Answer;
