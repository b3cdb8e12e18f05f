import { isRecord, parseJsonRecord } from '../../../lib/parse/json.ts';

/** How requests and answers look. */
export type Wire = 'openai' | 'anthropic';

/** A chat request as the mock understands it, of either wire. */
export type ChatRequest = {
  wire: Wire;
  model: string;
  stream: boolean;
  /** The client wants token counts in the stream; always so on Anthropic's wire. */
  includeUsage: boolean;
  /** The smaller of `max_tokens` and `max_completion_tokens`; null: no limit. */
  maxTokens: number | null;
  minTokens: number;
  ignoreEos: boolean;
  /** The tool that the request demands a call of. */
  forcedTool: string | null;
  /** It asks for reasoning: `reasoning_effort` other than none, or Anthropic's `thinking`. */
  wantsReasoning: boolean;
  messages: readonly MessageShape[];
  /** All texts in their order, roles between them. */
  prompt: string;
  /** See `promptTokensOf`. */
  promptTokens: number;
  /** `abc123` of the newest `[mark:abc123]` in the messages. */
  mark: string | null;
  /** Whether the body has such a field at its top level. */
  has: (field: string) => boolean;
};

/** What is kept of a message: no text. */
export type MessageShape = { role: string; chars: number };

/** A body that is no chat request. */
export type ChatProblem = { message: string; param: string | null };

type Fields = Readonly<Record<string, unknown>>;
type Message = { role: string; text: string };

const CHARS_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_PROMPT = 3;
const MARK = /\[mark:([A-Za-z0-9_-]{1,64})\]/g;

/** The mock's estimate: a token for each four characters of all texts, 4 a message, and 3. */
export function promptTokensOf(messages: readonly MessageShape[]): number {
  const chars = messages.reduce((sum, message) => sum + message.chars, 0);
  return Math.ceil(chars / CHARS_PER_TOKEN) + TOKENS_PER_MESSAGE * messages.length + TOKENS_PER_PROMPT;
}

/** Reads a body. It never throws. */
export function parseChatRequest(body: string, wire: Wire): ChatRequest | ChatProblem {
  const fields = parseJsonRecord(body);
  if (fields === null) return { message: 'the body is not a JSON object', param: null };
  const { model, messages } = pick(fields);
  if (typeof model !== 'string' || model === '') return { message: 'model: expected a name', param: 'model' };
  if (!Array.isArray(messages) || messages.length === 0) {
    return { message: 'messages: expected a list with at least one message', param: 'messages' };
  }
  const read = readMessages(messages, fields['system']);
  if (read === null) {
    return { message: 'messages: expected objects with a role and a content', param: 'messages' };
  }
  const limits = ['max_tokens', 'max_completion_tokens'].map((name) => fields[name] ?? null);
  if (!limits.every((limit) => limit === null || isCount(limit))) {
    return { message: 'max_tokens: expected a whole number of at least 1', param: 'max_tokens' };
  }
  const numbers = limits.filter(isCount);
  const shapes = read.map(({ role, text }) => ({ role, chars: text.length }));
  return {
    wire,
    model,
    stream: fields['stream'] === true,
    includeUsage:
      wire === 'anthropic' ||
      (isRecord(fields['stream_options']) && fields['stream_options']['include_usage'] === true),
    maxTokens: numbers.length === 0 ? null : Math.min(...numbers),
    minTokens: isCount(fields['min_tokens']) ? fields['min_tokens'] : 0,
    ignoreEos: fields['ignore_eos'] === true,
    forcedTool: forcedToolOf(fields),
    wantsReasoning: wantsReasoning(fields),
    messages: shapes,
    prompt: read.map(({ role, text }) => `${role}\n${text}`).join('\n'),
    promptTokens: promptTokensOf(shapes),
    mark: markOf(read),
    has: (field) => Object.hasOwn(fields, field),
  };
}

function pick(fields: Fields): { model: unknown; messages: unknown } {
  return { model: fields['model'], messages: fields['messages'] };
}

function readMessages(values: readonly unknown[], system: unknown): Message[] | null {
  const messages: Message[] = system === undefined ? [] : [{ role: 'system', text: textOf(system) }];
  for (const value of values) {
    if (!isRecord(value) || typeof value['role'] !== 'string') return null;
    messages.push({ role: value['role'], text: textOf(value['content']) });
  }
  return messages;
}

/** A content is a text, or a list of parts of which those with a text count; images cost nothing here. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

function markOf(messages: readonly Message[]): string | null {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const text = messages[index]?.text ?? '';
    if (!text.includes('[mark:')) continue;
    const marks = [...text.matchAll(MARK)];
    const newest = marks.at(-1)?.[1];
    if (newest !== undefined) return newest;
  }
  return null;
}

function forcedToolOf(fields: Fields): string | null {
  const choice = fields['tool_choice'];
  const first: unknown = Array.isArray(fields['tools']) ? fields['tools'][0] : null;
  if (choice === 'required') return toolNameOf(first);
  if (!isRecord(choice)) return null;
  return choice['type'] === 'any' ? toolNameOf(first) : toolNameOf(choice);
}

/** OpenAI: `{function: {name}}`; Anthropic: `{name}`. Only a plain name may go into an answer as it is. */
function toolNameOf(tool: unknown): string | null {
  if (!isRecord(tool)) return null;
  const inner = tool['function'];
  const name = isRecord(inner) ? inner['name'] : tool['name'];
  return typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : null;
}

function wantsReasoning(fields: Fields): boolean {
  const effort = fields['reasoning_effort'];
  const thinking = fields['thinking'];
  if (isRecord(thinking)) return thinking['type'] === 'enabled';
  return effort === 'low' || effort === 'medium' || effort === 'high';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
