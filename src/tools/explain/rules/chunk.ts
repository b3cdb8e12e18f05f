import { isRecord, parseJson } from '../../../lib/parse/json.ts';

/**
 * What the tools look at in one event: of OpenAI's chat or completions API its first choice alone, as all five do; of
 * Anthropic's Messages API what stands for the same.
 */
export type Chunk = {
  object: string | null;
  choices: 'some' | 'none' | 'absent';
  /** The first choice has a `delta` that is an object. */
  hasDelta: boolean;
  /** `delta.content`, or `text` of the completions API. */
  content: string;
  text: string;
  reasoning: string;
  toolCalls: readonly ToolPiece[];
  /** `tool_calls` is there and no list. */
  hasOddTools: boolean;
  /** Messages: a block of a tool call begins, or thinking that may be empty. */
  opens: boolean;
  /** Messages: the last event. */
  isEnd: boolean;
  usage: ChunkUsage | null;
  /** The error's message, or what stands in its place; null: no error. */
  error: { message: string; hasMessageField: boolean } | null;
};

/** A part of a tool call. */
export type ToolPiece = { id: string; name: string; args: string; hasIndex: boolean };

/** `usage` of a chunk, an object that is not empty. */
export type ChunkUsage = { outputTokens: number | null; reasoningTokens: number };

/** The APIs that recordings hold. */
export type Api = 'chat' | 'completions' | 'messages' | 'responses';

/** null: no JSON object. */
export function readChunk(text: string): Chunk | null {
  const root = parseJson(text);
  if (!isRecord(root)) return null;
  return root['choices'] === undefined && MESSAGES_EVENT.test(textOf(root['type']))
    ? readMessagesEvent(root)
    : readOpenAiChunk(root);
}

const MESSAGES_EVENT = /^(message_|content_block_|ping$|error$)/;

function readOpenAiChunk(root: Record<string, unknown>): Chunk {
  const list = root['choices'];
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const choice = isRecord(first) ? first : {};
  const delta = isRecord(choice['delta']) ? choice['delta'] : {};
  const tools = delta['tool_calls'];
  return {
    object: textOf(root['object']) || null,
    choices: !Array.isArray(list) ? 'absent' : list.length > 0 ? 'some' : 'none',
    hasDelta: isRecord(choice['delta']),
    content: textOf(delta['content']),
    text: textOf(choice['text']),
    reasoning: textOf(delta['reasoning_content']) || textOf(delta['reasoning']),
    toolCalls: Array.isArray(tools) ? tools.map(toolPiece) : [],
    hasOddTools: isRecord(tools),
    opens: false,
    isEnd: false,
    usage: usageOf(root['usage']),
    error: errorOf(root['error']),
  };
}

function readMessagesEvent(root: Record<string, unknown>): Chunk {
  const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
  const delta = record(root['delta']);
  const kind = textOf(delta['type']);
  const args = kind === 'input_json_delta' ? textOf(delta['partial_json']) : '';
  return {
    ...readOpenAiChunk({}),
    content: kind === 'text_delta' ? textOf(delta['text']) : '',
    reasoning: kind === 'thinking_delta' ? textOf(delta['thinking']) : '',
    toolCalls: args === '' ? [] : [{ id: '', name: '', args, hasIndex: true }],
    opens:
      record(root['content_block'])['type'] === 'tool_use' ||
      kind === 'thinking_delta' ||
      kind === 'signature_delta',
    isEnd: root['type'] === 'message_stop',
    usage: messagesUsageOf(root['usage'] ?? record(root['message'])['usage']),
    error: errorOf(root['error']),
  };
}

function messagesUsageOf(value: unknown): ChunkUsage | null {
  if (!isRecord(value)) return null;
  const details = value['output_tokens_details'];
  return {
    outputTokens: countOf(value['output_tokens']),
    reasoningTokens: (isRecord(details) ? countOf(details['thinking_tokens']) : null) ?? 0,
  };
}

/** Which API a stream is of, by its first event that tells. Chat where none does. */
export function apiOf(lines: readonly { text: string }[]): Api {
  for (const { text } of lines) {
    const root = text.startsWith('data:') ? parseJson(text.slice('data:'.length)) : undefined;
    if (!isRecord(root)) continue;
    const type = textOf(root['type']);
    if (type.startsWith('response.')) return 'responses';
    if (type === 'message_start' || type.startsWith('content_block')) return 'messages';
    const first: unknown = Array.isArray(root['choices']) ? root['choices'][0] : undefined;
    if (!isRecord(first)) continue;
    return isRecord(first['delta']) || typeof first['text'] !== 'string' ? 'chat' : 'completions';
  }
  return 'chat';
}

function toolPiece(value: unknown): ToolPiece {
  const tool = isRecord(value) ? value : {};
  const called = isRecord(tool['function']) ? tool['function'] : {};
  return {
    id: textOf(tool['id']),
    name: textOf(called['name']),
    args: textOf(called['arguments']),
    hasIndex: tool['index'] !== undefined,
  };
}

function usageOf(value: unknown): ChunkUsage | null {
  if (!isRecord(value) || Object.keys(value).length === 0) return null;
  const details = value['completion_tokens_details'];
  return {
    outputTokens: countOf(value['completion_tokens']),
    reasoningTokens: (isRecord(details) ? countOf(details['reasoning_tokens']) : null) ?? 0,
  };
}

function errorOf(value: unknown): Chunk['error'] {
  if (typeof value === 'string' && value !== '') return { message: value, hasMessageField: false };
  if (!isRecord(value) || Object.keys(value).length === 0) return null;
  const message = textOf(value['message']);
  return { message: message || JSON.stringify(value), hasMessageField: message !== '' };
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
