import type { ErrorKind } from '../../lib/answer/attempt.ts';
import { SseFramer } from '../../lib/answer/stream/sse-framer.ts';
import { StreamReader } from '../../lib/answer/stream/stream-reader.ts';
import { isDoneMark } from '../../lib/answer/stream/stray-text.ts';
import type { ToolCall } from '../../lib/answer/tool-calls.ts';
import { tpotMs } from '../../lib/figures/request-figures.ts';
import { type EventNote, noteEvent, noteStray } from './event-note.ts';
import type { Recording } from './read-recording.ts';

/** What would be recorded of a stream. null: unknown. `k6-llm explain --json` prints it. */
export type Explanation = {
  outcome: 'ok' | 'content_filter' | 'truncated' | 'empty' | 'error';
  errorKind: ErrorKind | null;
  ttftMs: number | null;
  ttfoMs: number | null;
  lastOutputMs: number | null;
  tpotMs: number | null;
  inputTokens: number | null;
  cachedInputTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  finishReason: string | null;
  chunks: number;
  answer: string | null;
  reasoning: string | null;
  /** Joined by index; empty when there are none. */
  toolCalls: readonly ToolCall[];
  /** null in a capture without times. */
  bufferedByProxy: boolean | null;
  errorCode: string | number | null;
  /** One line for people; null when it is ok. */
  message: string | null;
  done: boolean;
  partialOutput: boolean;
  warnings: readonly string[];
  events: readonly EventNote[];
};

/** Reads a recording as a run would, and says event by event what counted. */
export function explain(recording: Recording): Explanation {
  const { timed, close } = recording;
  const reader = new StreamReader({ keepText: true, timed, decode: fromUtf8 });
  for (const { atMs, bytes } of recording.reads) reader.feed(bytes, atMs ?? 0);
  const result = reader.end(close);
  const { outcome, usage } = result;
  const failed = outcome.kind === 'failed' ? outcome : null;
  return {
    outcome: outcomeOf(failed?.error ?? null),
    errorKind: failed?.error ?? null,
    ttftMs: result.ttftMs,
    ttfoMs: result.ttfoMs,
    lastOutputMs: result.lastOutputMs,
    tpotMs: failed !== null || result.bufferedByProxy || result.pace !== 'seen' ? null : tpotMs(result),
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    finishReason: result.finishReason,
    chunks: result.chunks,
    answer: result.answer,
    reasoning: result.reasoning,
    toolCalls: result.toolCalls,
    bufferedByProxy: timed ? result.bufferedByProxy : null,
    errorCode: result.errorCode,
    message: failed?.message ?? null,
    done: result.done,
    partialOutput: failed?.partialOutput ?? false,
    warnings: result.warnings.map(({ text }) => text),
    events: result.warnings.some(({ kind }) => kind === 'not_streamed') ? [] : eventsOf(recording),
  };
}

function outcomeOf(error: ErrorKind | null): Explanation['outcome'] {
  if (error === null) return 'ok';
  return error === 'content_filter' || error === 'truncated' || error === 'empty' ? error : 'error';
}

/** The events one by one, each with the time of the read that completed it, and what it brought. */
function eventsOf({ reads, timed }: Recording): EventNote[] {
  const events: EventNote[] = [];
  const counter = new StreamReader({ decode: fromUtf8 });
  let atMs: number | null = null;
  let isOver = false;
  const add = (name: string, raw: string, isEvent: boolean): void => {
    const before = counter.chunks;
    if (isEvent) counter.event(name, raw, atMs ?? 0);
    else for (const line of [...raw.split('\n'), '']) counter.line(line, atMs ?? 0);
    const data = fromUtf8(raw);
    const note = isEvent ? noteEvent({ name, data }) : noteStray(data);
    events.push({
      atMs: timed ? atMs : null,
      name,
      data,
      counted: counter.chunks > before,
      meaning: isOver && note.brought !== 'no data' ? 'after [DONE]' : note.meaning,
      brought: note.brought,
    });
    isOver ||= isDoneMark(data);
  };
  const framer = new SseFramer(
    (name, raw) => add(name, raw, true),
    (raw) => add('', raw, false),
  );
  for (const read of reads) {
    atMs = read.atMs;
    framer.feed(read.bytes);
  }
  framer.end();
  return events;
}

function fromUtf8(binary: string): string {
  return Buffer.from(binary, 'latin1').toString('utf8');
}
