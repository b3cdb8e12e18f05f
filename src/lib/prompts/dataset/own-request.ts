import { KINDS } from '../../kinds/kinds.ts';
import { type JsonRecord, isRecord } from '../../parse/json.ts';

/** A message as the file has it: parts, calls of tools and their results stay as they stand. */
export type RawMessage = JsonRecord & { role: string };

/** What a row says of its request beside a prompt and a limit. */
export type OwnRequest = {
  /** Fields of the body, as they are. */
  fields: JsonRecord;
  /** Messages that are more than text; null: text says all. */
  messages: readonly RawMessage[] | null;
};

/** What the run decides, or a row says in fields of its own kind. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  ...KINDS.flatMap(({ askFields, limitField }) => [...askFields, limitField ?? '']),
  'model',
  'system',
  'system_prompt',
  'instructions',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'output_tokens',
]);

/**
 * What a row that is no whole request may set: a column of any other name may be anything (a category, a score), and a
 * server that does not know it refuses the request. From the references of OpenAI's chat and Responses, Anthropic's Messages
 * and vLLM's server, 2026-11.
 */
const PASSED_ON = new Set([
  'chat_template_kwargs',
  'frequency_penalty',
  'guided_json',
  'guided_regex',
  'logit_bias',
  'logprobs',
  'modalities',
  'n',
  'parallel_tool_calls',
  'presence_penalty',
  'reasoning',
  'reasoning_effort',
  'response_format',
  'seed',
  'service_tier',
  'stop',
  'stop_sequences',
  'structured_outputs',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
  'top_logprobs',
  'top_p',
  'verbosity',
]);

/** Such a column of a CSV file holds JSON where it can. */
export function isRequestField(name: string): boolean {
  return PASSED_ON.has(name);
}

/**
 * The fields of a row that go into its request as they are, and its messages where they are more than text.
 *
 * @param isBody the row is a request's whole body (a line of OpenAI's batch format), so each of its fields is one of the request's.
 */
export function readOwnRequest(row: JsonRecord, { isBody }: { isBody: boolean }): OwnRequest {
  const isPassedOn = (name: string): boolean => (isBody ? !NOT_PASSED_ON.has(name) : PASSED_ON.has(name));
  const fields = Object.entries(row).filter(([name, value]) => value !== null && isPassedOn(name));
  const messages = [row['messages'], row['input'], row['prompt']].find((value) => Array.isArray(value));
  const raw =
    Array.isArray(messages) && messages.every(isRaw) && messages.some(isMoreThanText) ? messages : null;
  return { fields: Object.fromEntries(fields), messages: raw };
}

function isRaw(message: unknown): message is RawMessage {
  return isRecord(message) && typeof message['role'] === 'string';
}

/** Pictures, sounds, files, calls of tools and what they gave: all that a list of texts cannot say. */
function isMoreThanText({ role, content, tool_calls: calls }: RawMessage): boolean {
  if (role === 'tool' || role === 'function' || Array.isArray(calls)) return true;
  return Array.isArray(content) && content.some((part: unknown) => !isTextPart(part));
}

function isTextPart(part: unknown): boolean {
  if (!isRecord(part)) return typeof part === 'string';
  // A mark for the prompt cache is more than its text.
  return typeof part['text'] === 'string' && part['cache_control'] === undefined;
}

/** The words of a message, for whoever counts them. */
export function wordsOf({ content }: RawMessage): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((part: unknown) => (isRecord(part) ? part['text'] : part));
  return texts.filter((text) => typeof text === 'string').join('\n');
}
