import type { Failure, Outcome } from '../attempt.ts';
import { type AnswerState, isFilterReason } from '../answer-state.ts';
import { classifyInBody, failureOf } from '../failure/classify-failure.ts';

/** How the connection ended: as HTTP says a body ends, broken off, or by the client's own time-out. */
export type StreamClose = 'clean' | 'reset' | 'timeout';

export type StreamEnding = {
  state: AnswerState;
  close: StreamClose;
  /** [DONE] came. */
  done: boolean;
  hasOutput: boolean;
  outputTokens: number | null;
  /** An event came, or a part of one. */
  sawAnything: boolean;
};

/**
 * When a stream is complete, and what it is then (docs/decisions/0021). An end mark makes it complete: a
 * finish_reason on every choice seen, Anthropic's message_stop, the Responses API's completed or incomplete. [DONE]
 * alone counts only if the connection ended cleanly too: llama-cpp-python sends it on streams that it breaks off.
 */
export function concludeStream(ending: StreamEnding): Outcome {
  const { state, close, done, hasOutput } = ending;
  if (state.error !== null) return classifyInBody(state.error, { where: 'stream', partialOutput: hasOutput });
  const reason = state.finishReason;
  if (reason === 'error') return failureOf('stream_error', 'finish_reason is error', hasOutput);
  if (reason !== null && isFilterReason(reason)) {
    return failureOf('content_filter', `the answer was filtered: ${reason}`, hasOutput);
  }
  const isComplete = state.stopped || state.everyChoiceFinished || (done && close === 'clean');
  if (isComplete) {
    if (hasOutput || (ending.outputTokens ?? 0) > 0) return { kind: 'ok' };
    return failureOf('empty', 'the stream ended with neither text nor tool call nor output tokens');
  }
  if (close === 'clean' && !ending.sawAnything) return failureOf('empty', 'the stream brought no event');
  return brokenOff(close, { partialOutput: hasOutput });
}

/** An answer that ended before its end mark. */
export function brokenOff(close: StreamClose, { partialOutput }: { partialOutput: boolean }): Failure {
  switch (close) {
    case 'clean':
      return failureOf('truncated', 'the stream ended without its end mark', partialOutput);
    case 'reset':
      return failureOf('truncated', 'the connection broke off before the end mark', partialOutput);
    case 'timeout':
      return failureOf('timeout', 'timed out before the end mark', partialOutput);
  }
}
