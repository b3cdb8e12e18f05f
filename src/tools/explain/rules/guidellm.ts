import type { Recording } from '../read-recording.ts';
import { type Api, type Chunk, readChunk, type ChunkUsage } from './chunk.ts';
import { endOf, linesOf } from './cut-stream.ts';
import { failedScore, perToken, type StreamScore, type ToolRule, unreadScore } from './score.ts';

export const GUIDELLM: ToolRule = {
  tool: 'GuideLLM',
  version: 'vllm-project/guidellm ee7a77457ba6 (v0.7.3-12)',
  files: [
    'src/guidellm/backends/openai/http.py',
    'src/guidellm/backends/openai/request_handlers.py',
    'src/guidellm/schemas/request_stats.py',
  ],
};

/**
 * The first and last line with text, reasoning or any part of a tool call bound the tokens; the latency ends with the
 * stream. Its TPOT is (last token - start) / tokens, TTFT inside; (last - first) / (tokens - 1) it calls ITL. Without
 * usage each such line is a token.
 */
export function scoreGuidellm({ reads, close }: Recording, api: Api): StreamScore {
  if (api === 'messages') return unreadScore('it has no such API');
  if (api === 'responses') return unreadScore('its reader of this API is not among the rules here');
  let endMs: number | null = null;
  let firstMs: number | null = null;
  let lastMs = 0;
  let iterations = 0;
  let usage: ChunkUsage | null = null;
  for (const { text: line, atMs } of linesOf(reads)) {
    if (line === 'data: [DONE]') {
      endMs = atMs;
      break;
    }
    if (!line.trim().startsWith('data:')) continue;
    const chunk = readChunk(line.trim().slice('data:'.length));
    const problem = problemOf(chunk, line);
    if (chunk === null || problem !== null) return failedScore(problem ?? '');
    usage = chunk.usage ?? usage;
    if (!isToken(chunk, api)) continue;
    firstMs ??= atMs;
    lastMs = atMs;
    iterations += 1;
  }
  if (close === 'reset' && endMs === null) return failedScore('the connection broke');
  const outputTokens = usage === null ? iterations || null : (usage.outputTokens ?? 0);
  if (firstMs === null && (outputTokens ?? 0) === 0) return failedScore('an answer without output');
  const latencyMs = endMs ?? endOf(reads);
  const itlMs = firstMs === null ? null : perToken(lastMs - firstMs, outputTokens);
  return {
    outcome: { kind: 'ok' },
    ttftMs: firstMs,
    tpotMs:
      outputTokens === null || outputTokens === 0
        ? null
        : (firstMs === null ? latencyMs : lastMs) / outputTokens,
    latencyMs,
    outputTokens,
    withServerTokens: null,
    notes: [
      'its TPOT holds TTFT: (last token - start) / tokens',
      ...(itlMs === null ? [] : [`its ITL is the TPOT of others: ${Number(itlMs.toFixed(2))} ms`]),
      ...(usage === null && iterations > 0 ? ['without usage it takes each event for a token'] : []),
    ],
  };
}

function problemOf(chunk: Chunk | null, line: string): string | null {
  if (chunk === null) return `it cannot parse ${JSON.stringify(line.slice(0, 20))}`;
  if (chunk.error !== null) return `an error in the stream: ${chunk.error.message.slice(0, 60)}`;
  if (chunk.hasOddTools || chunk.toolCalls.some(({ hasIndex }) => !hasIndex))
    return 'a tool call without an index';
  return null;
}

function isToken(chunk: Chunk, api: Api): boolean {
  if (api === 'completions') return chunk.text !== '';
  return chunk.content !== '' || chunk.reasoning !== '' || chunk.toolCalls.length > 0;
}
