import { OpenRequests } from './open-requests.ts';
import type { TimedRequest } from './timed-request.ts';

/** One streamed answer, and how busy the server was with others. */
export type Stream = {
  startMs: number;
  endMs: number;
  /** When it had been written, from its start. */
  latencyMs: number;
  ttftMs: number;
  tpotMs: number | null;
  inputTokens: number | null;
  cachedTokens: number;
  /** Others that were open as it was issued. */
  othersAtStart: number;
  /** Streams that were being written while it was, itself among them, on average. */
  writtenBeside: number;
};

/** Streams of the model that had most of a run's requests: others have speeds of their own. */
export type ModelStreams = { model: string; modelCount: number; streams: readonly Stream[] };

/** What a run's requests tell of a server that streams; null where nothing was streamed. */
export function streamsOf(requests: readonly TimedRequest[]): ModelStreams | null {
  const counts = new Map<string, number>();
  for (const { model } of requests) counts.set(model, (counts.get(model) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (most === undefined) return null;
  const own = requests.filter(({ model }) => model === most[0]);
  const open = new OpenRequests(own.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })));
  const written = own.flatMap(({ startMs, latencyMs, ttftMs }) =>
    ttftMs === null || latencyMs === null ? [] : [{ fromMs: startMs + ttftMs, toMs: startMs + latencyMs }],
  );
  const writing = new OpenRequests(written);
  const streams = own.flatMap((request): Stream[] => {
    const { startMs, endMs, isOk, isMeasured, ttftMs, latencyMs, tpotMs } = request;
    if (!isOk || !isMeasured || ttftMs === null || latencyMs === null) return [];
    return [
      {
        startMs,
        endMs,
        latencyMs,
        ttftMs,
        tpotMs,
        inputTokens: request.inputTokens,
        cachedTokens: request.cachedInputTokens ?? 0,
        othersAtStart: open.at(startMs) - 1,
        writtenBeside: writing.mean(startMs + ttftMs, startMs + latencyMs),
      },
    ];
  });
  return streams.length === 0 ? null : { model: most[0], modelCount: counts.size, streams };
}
