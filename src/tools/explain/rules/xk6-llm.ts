import type { Recording } from '../read-recording.ts';
import { type Api, type Chunk, readChunk } from './chunk.ts';
import { endOf, linesOf } from './cut-stream.ts';
import { failedScore, perToken, type StreamScore, type ToolRule, unreadScore } from './score.ts';

export const XK6_LLM: ToolRule = {
  tool: 'xk6-llm',
  version: 'msradam/xk6-llm 20e1c03c0059',
  files: ['client.go', 'anthropic.go', 'metrics.go'],
};

/**
 * TTFT ends at the first text, reasoning or part of a tool call, its id alone included. Duration and TPOT end with the
 * stream, usage and [DONE] inside. Where the usage tells reasoning tokens, TPOT is of the text alone, from its start.
 */
export function scoreXk6Llm({ reads, close }: Recording, api: Api): StreamScore {
  if (api === 'completions') return unreadScore('it has no such API');
  if (api === 'responses') return unreadScore('its reader of this API is not among the rules here');
  let endMs: number | null = null;
  let firstMs: number | null = null;
  let firstTextMs: number | null = null;
  let outputTokens: number | null = null;
  let reasoningTokens = 0;
  for (const { text: line, atMs } of linesOf(reads)) {
    if (!line.startsWith('data:')) continue;
    const json = line.slice('data:'.length).trim();
    if (json === '[DONE]') {
      endMs = atMs;
      break;
    }
    if (json === '' && api === 'messages') continue;
    const chunk = readChunk(json);
    if (chunk === null || chunk.hasOddTools)
      return failedScore(`it cannot decode ${JSON.stringify(line.slice(0, 20))}`);
    if (chunk.error?.hasMessageField === true)
      return failedScore(`an error in the stream: ${chunk.error.message.slice(0, 60)}`);
    // Of Messages, a later count of none does not take back an earlier one.
    if (chunk.usage !== null && (api === 'chat' || (chunk.usage.outputTokens ?? 0) > 0)) {
      outputTokens = chunk.usage.outputTokens;
      reasoningTokens = chunk.usage.reasoningTokens;
    }
    if (chunk.content !== '') firstTextMs ??= atMs;
    if (isOutput(chunk)) firstMs ??= atMs;
    if (chunk.isEnd) {
      endMs = atMs;
      break;
    }
  }
  if (close === 'reset' && endMs === null) return failedScore('the connection broke');
  const latencyMs = endMs ?? endOf(reads);
  const isTextOnly = reasoningTokens > 0;
  const fromMs = isTextOnly ? firstTextMs : firstMs;
  const paced = isTextOnly ? Math.max(0, (outputTokens ?? 0) - reasoningTokens) : outputTokens;
  return {
    outcome: { kind: 'ok' },
    ttftMs: firstMs,
    tpotMs: fromMs === null || latencyMs <= fromMs ? null : perToken(latencyMs - fromMs, paced),
    latencyMs,
    outputTokens,
    withServerTokens: null,
    notes: [
      'latency and TPOT end with the stream, usage and [DONE] inside',
      ...(isTextOnly ? [`its TPOT leaves out ${reasoningTokens} reasoning tokens and their time`] : []),
      ...(outputTokens === null ? ['without usage it has no tokens'] : []),
    ],
  };
}

function isOutput({ opens, content, reasoning, toolCalls }: Chunk): boolean {
  return (
    opens ||
    content !== '' ||
    reasoning !== '' ||
    toolCalls.some(({ id, name, args }) => id + name + args !== '')
  );
}
