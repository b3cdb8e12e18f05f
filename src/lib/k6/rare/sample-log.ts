import exec from 'k6/execution';
import { encodeSample } from '../../samples/sample.ts';
import type { Client } from '../vu/client.ts';
import type { Recorded } from '../vu/recorder.ts';
import type { RequestContext } from '../vu/request.ts';
import type { Vu } from '../vu/vu.ts';

type AttemptLine = {
  recorded: Recorded;
  context: RequestContext;
  client: Client;
  stream: boolean;
  issuedAtMs: number;
  retry: number;
  good: boolean | null;
};

/** Writes the line of one attempt. */
export function logSample(
  vu: Vu,
  { recorded, context, client, stream, issuedAtMs, retry, good }: AttemptLine,
): void {
  const { attempt, figures, model, costUsd } = recorded;
  const { usage, outcome } = attempt;
  const line = encodeSample({
    atMs: issuedAtMs,
    testType: vu.partName(),
    model,
    provider: client.provider,
    phase: context.measured ? 'main' : 'warmup',
    stream,
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
