// Runs that must go well, and what our figures are compared with: what the server says itself.
import { equal, mean, notEarlier, within } from './compare.mjs';

export const GOOD_RUNS = [
  { name: 'smoke', scenario: 'smoke', stream: false, env: {} },
  { name: 'baseline', scenario: 'baseline', stream: false, env: {} },
  { name: 'baseline, streamed', scenario: 'baseline', stream: true, env: {} },
  { name: 'three turns, streamed', scenario: 'baseline', stream: true, env: { LLM_TURNS: '3' } },
];

/** Of a TPOT: what is left is when each side looks at its clock. */
const TPOT_RATIO = 0.02;
/** A sum of dollars, added up in another order. */
const DOLLARS_RATIO = 1e-9;
/** Preflight's answers are shorter, and in none of our times. */
const PREFLIGHT_TOKENS = 16;

/** @param run starts it. @returns the comparisons, the first whether it ended well. */
export async function checkGoodRun(server, run) {
  const before = await server.counts?.();
  const timesBefore = (await server.times?.())?.length ?? 0;
  const { exitCode, summary, output } = await run();
  const results = [equal('exit code', exitCode, 0)];
  if (summary === null) return { results, output };
  const { totals, metrics, stream } = summary;
  results.push(equal('requests that failed', totals.failed, 0));
  if (before !== undefined) results.push(...countsOf(totals, before, await server.counts()));
  if (server.delays !== undefined) results.push(...delaysOf(server.delays, summary));
  if (stream && server.times !== null) {
    const its = (await server.times()).slice(timesBefore).filter(({ tokens }) => tokens > PREFLIGHT_TOKENS);
    if (server.isRelay) {
      // Its own delay is that of each token, so a pace through it may be quicker than the one behind it.
      const lastMs = mean(its.map((each) => each.lastMs));
      const what = 'latency, mean, ms (its own: until the mock behind it wrote the last token)';
      results.push(notEarlier(what, metrics.ai_latency_ms?.avg ?? null, lastMs));
    } else {
      const tpotMs = mean(its.map((each) => each.tpotMs));
      results.push(within('TPOT, mean, ms', metrics.ai_tpot_ms?.avg ?? null, tpotMs, TPOT_RATIO));
    }
  }
  return { results, output };
}

/** What it counted while the run went on, and what the run counted: the load and its preflight. */
function countsOf(totals, before, after) {
  const side = totals.preflight;
  const results = [
    equal('input tokens', totals.inputTokens + side.inputTokens, after.inputTokens - before.inputTokens),
    equal('output tokens', totals.outputTokens + side.outputTokens, after.outputTokens - before.outputTokens),
  ];
  if (after.costUsd === null) return results;
  const spentUsd = after.costUsd - before.costUsd;
  const ours = (totals.costUsd ?? 0) + (side.costUsd ?? 0);
  results.push(within('dollars, from our prices', ours, spentUsd, DOLLARS_RATIO));
  results.push(
    within('dollars of the load, as each answer says', totals.reportedCostUsd, totals.costUsd, DOLLARS_RATIO),
  );
  return results;
}

function delaysOf({ ttftMs, itlMs, outputTokens }, { totals, metrics, stream }) {
  const results = [equal('output tokens of an answer', totals.outputTokens / totals.succeeded, outputTokens)];
  const lastMs = ttftMs + (outputTokens - 1) * itlMs;
  results.push(notEarlier('latency, shortest, ms', metrics.ai_latency_ms?.min ?? null, lastMs));
  if (!stream) return results;
  results.push(notEarlier('TTFT, shortest, ms', metrics.ai_ttft_ms?.min ?? null, ttftMs));
  results.push(notEarlier('TPOT, shortest, ms', metrics.ai_tpot_ms?.min ?? null, itlMs));
  return results;
}
