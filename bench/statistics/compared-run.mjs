const NOWHERE = { model: null, scenario: null, provider: null, window: null, step: null };

/** Requests as `compareRuns` takes a run: `goodMs` is the latency that still counts as good. */
export function comparedRun(requests, { goodMs = Infinity } = {}) {
  const raw = new Map();
  const put = (name, type, value, offsetMs) => {
    const points = raw.get(name) ?? [];
    if (points.length === 0) raw.set(name, points);
    points.push({ name, type, value, offsetMs, place: NOWHERE });
  };
  for (const { atMs, latencyMs, isOk } of requests) {
    if (isOk) put('ai_latency_ms', 'trend', latencyMs, atMs);
    put('error_rate', 'rate', isOk ? 0 : 1, atMs);
    put('ai_goodput', 'rate', isOk && latencyMs <= goodMs ? 1 : 0, atMs);
  }
  const durationMs = (requests.at(-1)?.atMs ?? 0) + 1;
  const summary = { durationMs, totals: { requestsFinished: requests.length }, metrics: {} };
  return { label: 'made', part: null, raw, run: { label: 'made', figures: null, summary } };
}
