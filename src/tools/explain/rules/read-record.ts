import { isRecord, parseJson } from '../../../lib/parse/json.ts';
import { UsageError } from '../../cli/define-command.ts';

/** What the rules need of one streamed request in a meter's record. null: unknown. */
export type RecordedStream = {
  /** `ok`, or the kind of failure. */
  outcome: string;
  ttftMs: number | null;
  ttfoMs: number | null;
  lastOutputMs: number | null;
  endMs: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  chunks: number;
  finishReason: string | null;
  bufferedByProxy: boolean;
  /** The tokens that usage tells are those that were seen to come; an older record does not say, and counts as so. */
  isPaced: boolean;
  /** Every read; null without `--events`. */
  reads: readonly RecordedRead[] | null;
};

/** A read, and how many content events and events with choices it completed; null: an older record does not tell. */
export type RecordedRead = { ms: number; content: number; choices: number | null };

export type RecordedRun = { streams: readonly RecordedStream[]; blocking: number };

/**
 * The lines of `k6-llm meter --record FILE --events`.
 *
 * @returns null when the file's first line is not one of them.
 * @throws UsageError for a later line that is none: half-written, or of something else.
 */
export function readRecord(text: string, file: string): RecordedRun | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (!isRequest(parseJson(lines[0] ?? ''))) return null;
  const streams: RecordedStream[] = [];
  let blocking = 0;
  for (const [index, line] of lines.entries()) {
    const value = parseJson(line);
    if (!isRequest(value)) {
      throw new UsageError(
        `${file}, line ${index + 1}: no request of a meter's record (half-written?); expected lines of k6-llm meter --record FILE --events`,
      );
    }
    if (value['stream'] === true) streams.push(streamOf(value));
    else blocking += 1;
  }
  return { streams, blocking };
}

function isRequest(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value['outcome'] === 'string' && typeof value['stream'] === 'boolean';
}

function streamOf(line: Record<string, unknown>): RecordedStream {
  const number = (name: string): number | null => numberOf(line[name]);
  const events = line['events'];
  return {
    outcome: String(line['outcome']),
    ttftMs: number('ttftMs'),
    ttfoMs: number('ttfoMs'),
    lastOutputMs: number('lastOutputMs'),
    endMs: number('endMs'),
    outputTokens: number('outputTokens'),
    reasoningTokens: number('reasoningTokens'),
    chunks: number('chunks') ?? 0,
    finishReason: typeof line['finishReason'] === 'string' ? line['finishReason'] : null,
    bufferedByProxy: line['bufferedByProxy'] === true,
    isPaced: line['pace'] === undefined || line['pace'] === 'seen',
    reads: Array.isArray(events) ? events.flatMap(readOf) : null,
  };
}

function readOf(value: unknown): RecordedRead[] {
  const event = isRecord(value) ? value : {};
  const ms = numberOf(event['ms']);
  if (ms === null) return [];
  return [{ ms, content: numberOf(event['events']) ?? 0, choices: numberOf(event['choices']) }];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
