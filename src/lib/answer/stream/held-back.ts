/** Fewer content events than this may well share a packet. */
const MIN_EVENTS = 5;
/** Servers that answer this fast can write a short answer in one go. */
const MIN_TTFT_MS = 50;
/** 1 % of the time to the first, at least 5 ms. */
const MAX_SPREAD_RATIO = 0.01;
const MIN_SPREAD_MS = 5;
/** No engine writes one stream faster: the quickest reach about 3,000 tokens/s (2026). */
const IMPOSSIBLE_EVENTS_PER_MS = 5;

/**
 * Whether a proxy held the stream back: all of at least five content events came within 1 % of the time to the
 * first of them (at least 5 ms), faster than 5,000 a second, after 50 ms or more of silence. TTFT and TPOT of such
 * a stream tell about the proxy, not the model. A server that truly writes faster looks the same, hence the
 * conditions on the wait.
 */
export function wasHeldBack({
  chunks,
  ttftMs,
  lastOutputMs,
}: {
  chunks: number;
  ttftMs: number;
  lastOutputMs: number;
}): boolean {
  if (chunks < MIN_EVENTS || ttftMs < MIN_TTFT_MS) return false;
  const spreadMs = lastOutputMs - ttftMs;
  const isShort = spreadMs <= Math.max(MIN_SPREAD_MS, ttftMs * MAX_SPREAD_RATIO);
  return isShort && chunks - 1 > spreadMs * IMPOSSIBLE_EVENTS_PER_MS;
}
