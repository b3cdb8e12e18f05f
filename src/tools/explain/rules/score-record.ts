import { tpotMs } from '../../../lib/figures/request-figures.ts';
import { AIPERF } from './aiperf.ts';
import { GUIDELLM } from './guidellm.ts';
import { INFERENCE_PERF } from './inference-perf.ts';
import { OURS } from './ours.ts';
import type { RecordedStream } from './read-record.ts';
import { perToken, type StreamScore, type ToolRule } from './score.ts';
import { VLLM } from './vllm.ts';
import { XK6_LLM } from './xk6-llm.ts';

/** The figures of one request under one rule, as far as a meter's record tells them. */
export type RecordScore = Pick<
  StreamScore,
  'ttftMs' | 'tpotMs' | 'latencyMs' | 'outputTokens' | 'withServerTokens'
>;

/** A tool, its rule for a request that succeeded, what the record leaves open, and whether failures count for goodput. */
export type RecordRule = {
  rule: ToolRule;
  score: (stream: RecordedStream) => RecordScore;
  notes: readonly string[];
  /** What goodput is a share of; null: it prints none, or none as a share. */
  goodputOf: 'attempted' | 'succeeded' | null;
};

/** All of them, ours first. A record holds no texts: what depends on them is told in the notes, and unknown. */
export const RECORD_RULES: readonly RecordRule[] = [
  { rule: OURS, score: scoreOurs, notes: [], goodputOf: 'attempted' },
  {
    rule: VLLM,
    score: scoreVllm,
    notes: [
      'any chunk with choices counts, the role and the finish reason too; usage is taken to come alone',
      'prints goodput as requests/s, not as a share',
    ],
    goodputOf: null,
  },
  {
    rule: AIPERF,
    score: scoreAiperf,
    notes: ['counts with its tokenizer, or the server with --use-server-token-count; TPOT is its ITL'],
    goodputOf: 'attempted',
  },
  {
    rule: GUIDELLM,
    score: scoreGuidellm,
    notes: ['its TPOT holds TTFT: (last token - start) / tokens', 'the version read has no goodput'],
    goodputOf: null,
  },
  {
    rule: XK6_LLM,
    score: scoreXk6Llm,
    notes: [
      'latency and TPOT end with the stream, usage and [DONE] inside',
      'its goodput leaves failures out',
    ],
    goodputOf: 'succeeded',
  },
  {
    rule: INFERENCE_PERF,
    score: scoreInferencePerf,
    notes: [
      'counts with its tokenizer, or the server with use_server_output_tokens; latency ends with the connection',
      'times answer text alone; with tool calls that cannot be told; its goodput leaves failures out',
    ],
    goodputOf: 'succeeded',
  },
];

function scoreOurs(stream: RecordedStream): RecordScore {
  const { ttftMs, lastOutputMs, outputTokens, bufferedByProxy, isPaced } = stream;
  return {
    ttftMs: bufferedByProxy ? null : ttftMs,
    tpotMs: bufferedByProxy || !isPaced ? null : tpotMs({ ttftMs, lastOutputMs, usage: { outputTokens } }),
    latencyMs: lastOutputMs ?? stream.endMs,
    outputTokens,
    withServerTokens: null,
  };
}

function scoreVllm({ reads, outputTokens }: RecordedStream): RecordScore {
  const tells = reads !== null && reads.every(({ choices }) => choices !== null);
  const timed = tells ? reads.filter(({ choices }) => (choices ?? 0) > 0) : [];
  const firstMs = timed[0]?.ms ?? null;
  const lastMs = timed.at(-1)?.ms ?? null;
  const tokens = outputTokens === 0 ? null : outputTokens;
  return {
    ttftMs: firstMs,
    tpotMs: perToken(spanOf(firstMs, lastMs), tokens),
    latencyMs: lastMs,
    outputTokens: tokens,
    withServerTokens: null,
  };
}

function scoreAiperf({ ttftMs, lastOutputMs, outputTokens }: RecordedStream): RecordScore {
  const option = '--use-server-token-count';
  const spanMs = spanOf(ttftMs, lastOutputMs);
  return {
    ttftMs,
    tpotMs: null,
    latencyMs: lastOutputMs,
    outputTokens: null,
    withServerTokens:
      outputTokens === null ? null : { option, outputTokens, tpotMs: perToken(spanMs, outputTokens) },
  };
}

function scoreGuidellm({ ttftMs, lastOutputMs, endMs, outputTokens, chunks }: RecordedStream): RecordScore {
  const tokens = outputTokens ?? (chunks || null);
  const untilMs = lastOutputMs ?? endMs;
  return {
    ttftMs,
    tpotMs: untilMs === null || tokens === null || tokens === 0 ? null : untilMs / tokens,
    latencyMs: endMs,
    outputTokens: tokens,
    withServerTokens: null,
  };
}

function scoreXk6Llm(stream: RecordedStream): RecordScore {
  const { ttftMs, ttfoMs, endMs, outputTokens } = stream;
  const reasoningTokens = stream.reasoningTokens ?? 0;
  const [fromMs, tokens] =
    reasoningTokens > 0 && outputTokens !== null
      ? [ttfoMs, Math.max(0, outputTokens - reasoningTokens)]
      : [ttftMs, outputTokens];
  const spanMs = spanOf(fromMs, endMs);
  return {
    ttftMs,
    tpotMs: spanMs === null || spanMs <= 0 ? null : perToken(spanMs, tokens),
    latencyMs: endMs,
    outputTokens,
    withServerTokens: null,
  };
}

/** Its text begins at the answer, unless that is a tool call, which it does not see. */
function scoreInferencePerf(stream: RecordedStream): RecordScore {
  const { ttfoMs, lastOutputMs, endMs, outputTokens, finishReason } = stream;
  const hasTools = finishReason !== null && /tool|function/.test(finishReason);
  const isTimed = !hasTools && ttfoMs !== null && lastOutputMs !== null && lastOutputMs > ttfoMs;
  const spanMs = isTimed ? lastOutputMs - ttfoMs : null;
  return {
    ttftMs: isTimed ? ttfoMs : null,
    tpotMs: null,
    latencyMs: endMs,
    outputTokens: null,
    withServerTokens:
      outputTokens === null
        ? null
        : { option: 'use_server_output_tokens', outputTokens, tpotMs: perToken(spanMs, outputTokens) },
  };
}

function spanOf(firstMs: number | null, lastMs: number | null): number | null {
  return firstMs === null || lastMs === null ? null : lastMs - firstMs;
}
