import type { Recording } from '../read-recording.ts';
import { type Api, readChunk } from './chunk.ts';
import { at, cutAt, endOf } from './cut-stream.ts';
import { failedScore, perToken, type StreamScore, type ToolRule, unreadScore } from './score.ts';

export const INFERENCE_PERF: ToolRule = {
  tool: 'inference-perf',
  version: 'kubernetes-sigs/inference-perf 7de5ef2ed6f7 (v0.6.1-29)',
  files: [
    'inference_perf/apis/streaming_parser.py',
    'inference_perf/apis/chat.py',
    'inference_perf/apis/completion.py',
    'inference_perf/reportgen/base.py',
  ],
};

/**
 * Answer text alone is timed: reasoning and tool calls are not seen. TTFT and TPOT, (last - first) / (tokens - 1), are
 * defined from two tokens on; the latency ends with the connection. Tokens are its tokenizer's, unless told to believe
 * the server. An event ends at an empty line with LF alone, and errors inside the stream are passed over.
 */
export function scoreInferencePerf({ reads, close }: Recording, api: Api): StreamScore {
  if (api === 'responses') return unreadScore('it has no such API');
  if (api === 'messages') return unreadScore('its reader of this API is not among the rules here');
  if (close === 'reset') return failedScore('the connection broke');
  const times: number[] = [];
  let tokens: number | null = null;
  let hidden = 0;
  for (const { text, atMs } of cutAt(reads, at('\n\n')).pieces) {
    for (const line of text.split('\n')) {
      if (!line.startsWith('data:')) continue;
      const json = (line.startsWith('data: ') ? line.slice('data: '.length) : line).trim();
      if (json === '[DONE]') break;
      const chunk = readChunk(json);
      if (chunk === null) continue;
      tokens = chunk.usage?.outputTokens ?? tokens;
      if ((api === 'chat' ? chunk.content : chunk.text) !== '') times.push(atMs);
      else if (chunk.reasoning !== '' || chunk.toolCalls.length > 0) hidden += 1;
    }
  }
  const [firstMs] = times;
  const lastMs = times.at(-1);
  // Two events of text are two tokens at least; of one, only its tokenizer knows.
  const isTimed = firstMs !== undefined && lastMs !== undefined && times.length > 1;
  return {
    outcome: { kind: 'ok' },
    ttftMs: isTimed ? firstMs : null,
    tpotMs: null,
    latencyMs: endOf(reads),
    outputTokens: null,
    withServerTokens:
      tokens === null
        ? null
        : {
            option: 'use_server_output_tokens',
            outputTokens: tokens,
            tpotMs: isTimed ? perToken(lastMs - firstMs, tokens) : null,
          },
    notes: [
      'counts with its tokenizer, or the server with use_server_output_tokens; latency ends with the connection',
      ...(hidden > 0 ? [`does not see ${hidden} events of reasoning or tool calls`] : []),
      ...(times.length === 1 ? ['one event of text: TTFT only if its tokenizer makes it two tokens'] : []),
      ...(times.length === 0 ? ['no text that it sees: no TTFT'] : []),
    ],
  };
}
