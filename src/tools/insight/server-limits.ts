import { type Decode, decodeOf } from './decode.ts';
import { type LimitAdvice, RUN_ADVICE } from './limit-advice.ts';
import { type Prefill, prefillOf } from './prefill.ts';
import { type Queue, queueOf } from './queue.ts';
import { streamsOf } from './streams-of.ts';
import type { TimedRequest } from './timed-request.ts';

/** What limits a server, as far as requests of one run, or of a search's steps, tell. */
export type ServerLimits = Pick<Prefill, 'tokensPerSec' | 'cachedSavesMsPer1k'> &
  Decode &
  Queue & {
    /** Whose streams they were, and of how many models: the most frequent one's. */
    model: string;
    modelCount: number;
  };

/** null where nothing was streamed: a whole answer does not tell prefill from decode. */
export function serverLimits(
  requests: readonly TimedRequest[],
  advice: LimitAdvice = RUN_ADVICE,
): ServerLimits | null {
  const found = streamsOf(requests);
  if (found === null) return null;
  const { model, modelCount, streams } = found;
  const { alone, tokensPerSec, cachedSavesMsPer1k } = prefillOf(streams, advice);
  return {
    model,
    modelCount,
    tokensPerSec,
    cachedSavesMsPer1k,
    ...decodeOf(streams, advice),
    ...queueOf(streams, { alone, seenPerSec: busiestPerSec(streams.map(({ startMs }) => startMs)), advice }),
  };
}

const BUSY_MS = 2000;

/** Most that were issued in two seconds, by the second. */
function busiestPerSec(startsMs: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const startMs of startsMs) {
    const at = Math.floor(startMs / BUSY_MS);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return ([...counts.values()].reduce((most, count) => Math.max(most, count), 0) * 1000) / BUSY_MS;
}
