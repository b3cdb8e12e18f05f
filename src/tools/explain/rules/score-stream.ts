import { explain } from '../explain.ts';
import type { Recording } from '../read-recording.ts';
import { AIPERF, scoreAiperf } from './aiperf.ts';
import { type Api, apiOf } from './chunk.ts';
import { GUIDELLM, scoreGuidellm } from './guidellm.ts';
import { INFERENCE_PERF, scoreInferencePerf } from './inference-perf.ts';
import { OURS } from './ours.ts';
import { linesOf } from './cut-stream.ts';
import { failedScore, type StreamScore, type ToolRule, withoutTimes } from './score.ts';
import { scoreVllm, VLLM } from './vllm.ts';
import { scoreXk6Llm, XK6_LLM } from './xk6-llm.ts';

/** A stream under one tool's rule. */
export type RuledScore = ToolRule & StreamScore;

const OTHERS: readonly [ToolRule, (recording: Recording, api: Api) => StreamScore][] = [
  [VLLM, scoreVllm],
  [AIPERF, scoreAiperf],
  [GUIDELLM, scoreGuidellm],
  [XK6_LLM, scoreXk6Llm],
  [INFERENCE_PERF, scoreInferencePerf],
];

/** One recorded stream under each rule, ours first. Times are from the first byte of the request on, as recorded. */
export function scoreStream(recording: Recording): RuledScore[] {
  const api = apiOf(linesOf(recording.reads));
  return [
    { ...OURS, ...scoreOurs(recording) },
    ...OTHERS.map(([rule, score]) => {
      const scored = score(recording, api);
      return { ...rule, ...(recording.timed ? scored : withoutTimes(scored)) };
    }),
  ];
}

function scoreOurs(recording: Recording): StreamScore {
  const told = explain(recording);
  if (told.outcome !== 'ok') return failedScore(told.message ?? told.outcome);
  const held = told.bufferedByProxy === true;
  return {
    outcome: { kind: 'ok' },
    ttftMs: held ? null : told.ttftMs,
    tpotMs: told.tpotMs,
    latencyMs: told.lastOutputMs,
    outputTokens: told.outputTokens,
    withServerTokens: null,
    notes: held ? ['held back by a proxy: no TTFT, no TPOT'] : [],
  };
}
