import exec from 'k6/execution';
import type { PlannedPart } from '../plan.ts';
import { encodeHeader, type PlannedLoad } from '../sample-header.ts';
import { encodeSample } from '../sample.ts';
import type { Client } from './client.ts';
import type { Recorded } from './recorder.ts';
import { LOGS_SAMPLES } from './logs-samples.ts';
import type { RequestContext } from './request.ts';
import type { PlannedRun } from './plan-run.ts';
import type { Vu } from './vu.ts';

type Logged = {
  recorded: Recorded;
  context: RequestContext;
  client: Client;
  issuedAtMs: number;
  retry: number;
  good: boolean | null;
};

/** Writes the line of one attempt. */
export function logSample(vu: Vu, { recorded, context, client, issuedAtMs, retry, good }: Logged): void {
  const { attempt, figures, model, costUsd } = recorded;
  const { usage, outcome } = attempt;
  const line = encodeSample({
    atMs: issuedAtMs,
    testType: vu.partName(),
    model,
    provider: client.provider,
    phase: context.measured ? 'main' : 'warmup',
    stream: vu.run.settings.stream,
    status: attempt.status,
    outcome: outcome.kind === 'ok' ? 'ok' : outcome.error,
    ttfbMs: attempt.ttfbMs,
    ttftMs: figures.ttftMs,
    ttfoMs: figures.ttfoMs,
    tpotMs: figures.tpotMs,
    stallMs: attempt.stallMs,
    latencyMs: figures.latencyMs,
    endMs: attempt.endMs,
    lagMs: context.lagMs,
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    costUsd,
    reportedCostUsd: attempt.reportedCostUsd,
    chunks: attempt.chunks,
    retry,
    good,
    retryAfterMs: attempt.retryAfterMs,
    rejectedValues: 0,
    vus: exec.instance.vusActive,
    pair: context.pair,
    turn: vu.tags['turn'] ?? null,
    window: vu.tags['window'] ?? null,
    step: vu.tags['step'] ?? null,
  });
  console.log(line);
}

/** Writes the line that says what run the samples belong to, if samples were asked for. */
export function logHeader(run: PlannedRun, loadStartsAtMs: number): void {
  if (!LOGS_SAMPLES) return;
  const { settings, scenario, parts } = run;
  const line = encodeHeader({
    version: '1',
    scenario: scenario.name,
    zeroWallClockMs: Date.now() - loadStartsAtMs,
    loadStartsAtMs,
    mix: settings.resolved.LLM_MIX,
    seed: settings.seed,
    segment: segmentOf(),
    stages: parts.map(plannedLoad),
  });
  console.log(line);
}

function segmentOf(): string | null {
  const { executionSegment } = exec.test.options;
  return typeof executionSegment === 'string' && executionSegment !== '' ? executionSegment : null;
}

/** A part's load as points of a line, for plots. */
function plannedLoad({ name, load, startMs }: PlannedPart): PlannedLoad {
  const points: [number, number][] = [];
  let atMs = startMs;
  switch (load.kind) {
    case 'iterations':
      return { testType: name, unit: 'vus', points: [] };
    case 'closed':
      for (const { durationMs, fromVus, toVus } of load.stages) {
        points.push([atMs, fromVus], [(atMs += durationMs), toVus]);
      }
      return { testType: name, unit: 'vus', points };
    case 'open':
      for (const { durationMs, fromPerSec, toPerSec } of load.stages) {
        points.push([atMs, fromPerSec], [(atMs += durationMs), toPerSec]);
      }
      return { testType: name, unit: 'ratePerSec', points };
  }
}
