import type { Recording } from '../read-recording.ts';
import { type Api, type Chunk, readChunk } from './chunk.ts';
import { at, cutAt } from './cut-stream.ts';
import { failedScore, perToken, type StreamScore, type ToolRule, unreadScore } from './score.ts';

export const AIPERF: ToolRule = {
  tool: 'AIPerf',
  version: 'ai-dynamo/aiperf, each file at a commit of its own',
  files: [
    'src/aiperf/transports/sse_utils.py@086b41184019',
    'src/aiperf/endpoints/openai_chat.py@00a8e858f64a',
    'src/aiperf/endpoints/openai_completions.py@087322484593',
    'src/aiperf/endpoints/anthropic_messages.py@07e64fd53581',
    'src/aiperf/metrics/types/ttft_metric.py@58028d5ba1cb',
    'src/aiperf/metrics/types/inter_token_latency_metric.py@58dd5dea729c',
    'src/aiperf/metrics/types/request_latency_metric.py@4f7ccffdf964',
    'src/aiperf/metrics/types/good_request_fraction_metric.py@087322484593',
  ],
};

/**
 * First and last chunk with text, reasoning, or a tool's name or arguments bound TTFT and latency. What others call
 * TPOT it calls inter token latency: (latency - TTFT) / (tokens - 1). Tokens are its tokenizer's, unless told to
 * believe the server. A chunk of OpenAI's APIs counts only with its own `object`.
 */
export function scoreAiperf({ reads, close }: Recording, api: Api): StreamScore {
  if (api === 'responses') return unreadScore('its reader of this API is not among the rules here');
  const { pieces, rest } = cutAt(reads, (buffer) => at('\n\n')(buffer) ?? at('\r\n\r\n')(buffer));
  let firstMs: number | null = null;
  let lastMs = 0;
  let tokens: number | null = null;
  for (const { text, atMs } of [...pieces, rest]) {
    const lines = text.trim().split(/\r?\n/);
    if (lines.some((line) => /^event:\s*error\s*$/i.test(line))) return failedScore('an event named error');
    const chunk = readChunk(dataOf(lines));
    if (chunk === null) continue;
    if (chunk.error !== null)
      return failedScore(`an error in the stream: ${chunk.error.message.slice(0, 60)}`);
    tokens = chunk.usage?.outputTokens ?? tokens;
    if (!isContent(chunk, api)) continue;
    firstMs ??= atMs;
    lastMs = atMs;
  }
  if (close === 'reset') return failedScore('the connection broke');
  if (firstMs === null) return failedScore('an answer without content');
  const spanMs = lastMs - firstMs;
  return {
    outcome: { kind: 'ok' },
    ttftMs: firstMs,
    tpotMs: null,
    latencyMs: lastMs,
    outputTokens: null,
    withServerTokens:
      tokens === null
        ? null
        : { option: '--use-server-token-count', outputTokens: tokens, tpotMs: perToken(spanMs, tokens) },
    notes: ['counts with its tokenizer, or the server with --use-server-token-count; TPOT is its ITL'],
  };
}

function dataOf(lines: readonly string[]): string {
  return lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .join('\n');
}

function isContent(chunk: Chunk, api: Api): boolean {
  if (api === 'completions')
    return (chunk.object === 'text_completion' || chunk.object === 'completion') && chunk.text !== '';
  if (api === 'chat' && chunk.object !== 'chat.completion.chunk') return false;
  const { content, reasoning, toolCalls } = chunk;
  return content !== '' || reasoning !== '' || toolCalls.some(({ name, args }) => name + args !== '');
}
