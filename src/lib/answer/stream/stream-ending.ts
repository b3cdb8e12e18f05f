import type { Failure, Outcome } from '../attempt.ts';
import type { AnswerState } from '../answer-state.ts';
import { classifyFinish, classifyInBody, failureOf } from '../failure/classify-failure.ts';
import { isErrorText, kindOfWording } from '../failure/error-wording.ts';
import { snippetOf } from '../failure/snippet.ts';

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
  /** What the server wrote where an event should have been; null: nothing. */
  words: string | null;
  /** What the answer has too much of; null: nothing. */
  excess: string | null;
};

/**
 * When a stream is complete, and what it is then (docs/decisions/0021). An end mark makes it complete: a
 * finish_reason on every choice seen, Anthropic's message_stop, the Responses API's completed or incomplete. [DONE]
 * alone counts unless the connection broke behind it: llama-cpp-python sends it on streams that it breaks off.
 */
export function concludeStream(ending: StreamEnding): Outcome {
  const { state, close, done, hasOutput, words, excess } = ending;
  if (excess !== null) return failureOf('invalid', `the answer has ${excess}`, hasOutput);
  const partial = { where: 'stream', partialOutput: hasOutput } as const;
  if (state.error !== null) return classifyInBody(state.error, partial);
  const { finish } = state;
  const failed = finish === null ? null : classifyFinish(finish, partial);
  if (failed !== null) return failed;
  const isMarked = state.stopped || state.everyChoiceFinished;
  const isExplained = words !== null && !isMarked && (isErrorText(words) || (!done && close !== 'timeout'));
  if (isExplained) return brokenOffWith(words, hasOutput);
  if (isMarked || (done && close !== 'reset')) {
    if (hasOutput || (ending.outputTokens ?? 0) > 0) return { kind: 'ok' };
    return failureOf('empty', 'the stream ended with neither text nor tool call nor output tokens');
  }
  if (close === 'clean' && !ending.sawAnything) return failureOf('empty', 'the stream brought no event');
  return brokenOff(close, { partialOutput: hasOutput });
}

/** No end mark came, but words did: they are the reason. */
function brokenOffWith(words: string, partialOutput: boolean): Failure {
  const kind = kindOfWording(words) ?? 'stream_error';
  return failureOf(kind, `the server wrote in place of an event: ${snippetOf(words)}`, partialOutput);
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
