import { parseJson } from '../../../lib/parse/json.ts';
import type { Read, Recording } from '../read-recording.ts';
import { type Api, readChunk } from './chunk.ts';
import { decoded, type Piece } from './cut-stream.ts';
import { failedScore, perToken, type StreamScore, type ToolRule, unreadScore } from './score.ts';

export const VLLM: ToolRule = {
  tool: 'vLLM bench',
  version: 'vllm-project/vllm, each file at a commit of its own',
  files: [
    'vllm/benchmarks/lib/endpoint_request_func.py@02cfb534df56',
    'vllm/benchmarks/serve.py@009e6d4a1cd6',
  ],
};

const DATA = 'data: ';
const NO_CHUNK = 'it never got a chunk with choices';

/**
 * Any chunk with `choices` is a token: the role's opens TTFT, the finish reason's ends the latency. Tokens are those of
 * a usage that comes alone, without choices; without one it takes its tokenizer. What it cannot parse fails a request,
 * an error inside the stream does not.
 */
export function scoreVllm({ reads, close }: Recording, api: Api): StreamScore {
  if (api !== 'chat' && api !== 'completions') return unreadScore('it has no such API');
  let firstMs: number | null = null;
  let lastMs = 0;
  let tokens: number | null = null;
  let isEmptyFirst = false;
  let hasUsageBeside = false;
  for (const { text, atMs } of messagesOf(reads)) {
    if (text.startsWith(':')) continue;
    const json = text.startsWith(DATA) ? text.slice(DATA.length) : text;
    if (json === '[DONE]') continue;
    const chunk = readChunk(json);
    if (chunk === null) return failedScore(`it cannot parse ${JSON.stringify(text.slice(0, 20))}`);
    if (chunk.choices !== 'some') {
      tokens = chunk.usage?.outputTokens ?? tokens;
      continue;
    }
    if (api === 'chat' && !chunk.hasDelta) return failedScore('a choice without a delta');
    hasUsageBeside ||= chunk.usage !== null;
    isEmptyFirst ||= firstMs === null && chunk.content + chunk.text + chunk.reasoning === '';
    firstMs ??= atMs;
    lastMs = atMs;
  }
  if (close === 'reset') return failedScore('the connection broke');
  if (firstMs === null) return failedScore(NO_CHUNK);
  const outputTokens = tokens === 0 ? null : tokens;
  return {
    outcome: { kind: 'ok' },
    ttftMs: firstMs,
    tpotMs: perToken(lastMs - firstMs, outputTokens),
    latencyMs: lastMs,
    outputTokens,
    withServerTokens: null,
    notes: [
      ...(isEmptyFirst ? ['TTFT ends at the first chunk with choices, here one without text'] : []),
      ...(outputTokens !== null
        ? []
        : [
            hasUsageBeside
              ? 'usage beside choices is not read: it counts with its tokenizer'
              : 'without usage it counts with its tokenizer',
          ]),
    ],
  };
}

/**
 * Its messages. Each read loses the white space at its ends first, so an event that comes alone is known by being
 * whole JSON, and a comment that comes alone is glued to what follows it.
 */
function messagesOf(reads: readonly Read[]): Piece[] {
  const messages: Piece[] = [];
  let buffer = '';
  for (const { bytes, atMs } of reads) {
    buffer += decoded(bytes).trim();
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    const whole = isWhole(buffer) ? [buffer] : [];
    if (whole.length > 0) buffer = '';
    for (const block of [...blocks, ...whole]) {
      if (block.trim() !== '') messages.push({ text: block.trim(), atMs: atMs ?? 0 });
    }
  }
  return messages;
}

function isWhole(buffer: string): boolean {
  if (!buffer.startsWith(DATA)) return false;
  const json = buffer.slice(DATA.length).trim();
  return json === '[DONE]' || (json !== '' && parseJson(json) !== undefined);
}
