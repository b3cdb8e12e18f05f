import type { AnswerState } from '../../answer/answer-state.ts';
import { findError } from '../../answer/failure/error-body.ts';
import { isFinishFailure, readFinish } from '../../answer/failure/finish-reason.ts';
import { addPieces, argumentsText, recordsIn } from '../../answer/wire/pieces.ts';
import { isRecord } from '../../parse/json.ts';
import type { AnswerForm } from '../answer-form.ts';

/** Where reasoning stands, in the order of preference: some relays send the same text twice. */
const REASONING_KEYS = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'] as const;
const BLOCK_KEYS = ['reasoning_details', 'thinking_blocks'] as const;
const TOOL_CALL_KEYS = ['tool_calls', 'tool_call', 'toolCalls'] as const;
const FUNCTION_CALL_KEYS = ['function_call', 'functionCall'] as const;
const CHOICE_KEYS = ['delta', 'message', 'text', 'finish_reason'];
const SOUND_KEYS = ['transcript', 'data'];
const CALL_KEYS = ['function', 'custom', 'name', 'arguments', 'id', 'type', 'index', 'input'];

/** OpenAI's, of chat and of text completions, and whatever looks like nothing else. */
export const CHAT_ANSWER: AnswerForm = {
  isOf: () => true,
  read: readChoices,
  hasPlace: () => false,
};

/**
 * Reads a chat chunk, a text completion's chunk, or a whole blocking answer in OpenAI's form, with the variants in
 * use (Azure, DeepSeek, Groq, llama.cpp, Mistral, Moonshot, OpenRouter, TGI, Together, vLLM). Any field may be a
 * text, a list or an object. Passes over what it does not know.
 */
function readChoices(body: Record<string, unknown>, state: AnswerState): void {
  state.addModel(body['model']);
  const choices: unknown = body['choices'];
  const alone = Array.isArray(choices) && choices.length === 0;
  state.addServiceTier(body['service_tier']);
  state.addUsage(body['usage'], alone);
  // vLLM writes this into whole answers, and adds up what all of their choices took.
  if (body['prompt_logprobs'] !== undefined) state.countAllChoices();
  const groq = body['x_groq'];
  if (isRecord(groq)) {
    state.addUsage(groq['usage']);
    const groqError = findError(groq);
    if (groqError !== null) state.addError(groqError);
  }
  recordsIn(choices, CHOICE_KEYS).forEach((choice, position) => readChoice(choice, position, state));
}

function readChoice(choice: Record<string, unknown>, position: number, state: AnswerState): void {
  const index = typeof choice['index'] === 'number' ? choice['index'] : position;
  state.seeChoice(index);
  state.addUsage(choice['usage']);
  const error = findError(choice);
  if (error !== null) state.addError(error);
  // vLLM's text completions: it adds up what all choices took, as in its chat.
  if (choice['prompt_logprobs'] !== undefined) state.countAllChoices();
  const delta = deltaOf(choice);
  if (delta !== null) state.messages.set(index, 'deltas');
  const message = delta ?? newMessage(choice['message'], index, state);
  // Together spells one text twice, in `delta` and in `text`.
  const hasText = readMessage(message, index, state);
  if (!hasText) addPieces(state, 'answer', { choice: index, key: 'text', value: choice['text'] });
  state.finishChoice(index, finishOf(choice));
}

/** The `delta`; null where it is none, and where it is empty beside a `message` (Perplexity's whole answers have both). */
function deltaOf({ delta, message }: Record<string, unknown>): unknown {
  if (!isRecord(delta) || !isRecord(message)) return delta ?? null;
  const isEmpty = Object.entries(delta).every(
    ([key, value]) => key === 'role' || value === null || value === '' || Array.isArray(value),
  );
  return isEmpty && !Array.isArray(delta['tool_calls']) ? null : delta;
}

/** A whole `message`, unless it says again what the choice said: some servers repeat all of it in the last chunk. */
function newMessage(message: unknown, choice: number, state: AnswerState): unknown {
  if (!isRecord(message)) return message;
  const before = state.messages.get(choice);
  state.marks += 1;
  if (before === 'deltas') return undefined;
  state.messages.set(choice, message);
  return JSON.stringify(before) === JSON.stringify(message) ? undefined : message;
}

/** OpenRouter keeps the provider's own word beside its own, which may hide a failure. */
function finishOf(choice: Record<string, unknown>): unknown {
  const native = readFinish(choice['native_finish_reason']);
  return native !== null && isFinishFailure(native.kind)
    ? native.reason
    : (choice['finish_reason'] ?? choice['finishReason']);
}

/** True when it held text for the reader. */
function readMessage(message: unknown, choice: number, state: AnswerState): boolean {
  if (!isRecord(message)) return addPieces(state, 'answer', { choice, key: 'delta', value: message });
  const error = findError(message);
  if (error !== null) state.addError(error);
  readReasoning(message, choice, state);
  const channel = isThought(message['extra_content']) ? 'reasoning' : 'answer';
  const said = addPieces(state, channel, { choice, key: 'content', value: message['content'] });
  const refused = addPieces(state, 'answer', { choice, key: 'refusal', value: message['refusal'] });
  readMedia(message, choice, state);
  callsIn(message, TOOL_CALL_KEYS).forEach((call) => readToolCall(call, choice, state));
  callsIn(message, FUNCTION_CALL_KEYS).forEach((call) =>
    readToolCall({ index: 0, function: call }, choice, state),
  );
  return said || refused;
}

function callsIn(message: Record<string, unknown>, keys: readonly string[]): Record<string, unknown>[] {
  const present = keys.filter((key) => message[key] !== undefined);
  return present.flatMap((key) => recordsIn(message[key], CALL_KEYS));
}

function readReasoning(message: Record<string, unknown>, choice: number, state: AnswerState): void {
  const isIn = (key: string, value: unknown): boolean =>
    value !== undefined && addPieces(state, 'reasoning', { choice, key, value });
  if (REASONING_KEYS.some((key) => isIn(key, message[key]))) return;
  // LiteLLM's blocks, with their signatures, say again what stands in the text.
  BLOCK_KEYS.some((key) => isIn('text', message[key]));
}

/** Google's own mark, in its OpenAI form, of content that is a thought. */
function isThought(extra: unknown): boolean {
  const google = isRecord(extra) ? extra['google'] : null;
  return isRecord(google) && google['thought'] === true;
}

/** Sound with its words, or without; pictures (OpenRouter). */
function readMedia({ audio, images }: Record<string, unknown>, choice: number, state: AnswerState): void {
  recordsIn(audio, SOUND_KEYS).forEach(({ transcript, data }) => {
    const heard = addPieces(state, 'answer', { choice, key: 'transcript', value: transcript });
    if (!heard && typeof data === 'string' && data !== '') state.addOutput('answer', choice);
  });
  if (Array.isArray(images) && images.length > 0) state.addOutput('answer', choice);
}

function readToolCall(call: Record<string, unknown>, choice: number, state: AnswerState): void {
  const { index, id } = call;
  const [own] = recordsIn(call['function'] ?? call['custom'], ['name', 'arguments', 'input']);
  const body = own ?? call;
  const piece = {
    choice,
    index: typeof index === 'number' ? index : null,
    id: typeof id === 'string' ? id : '',
    name: typeof body['name'] === 'string' ? body['name'] : '',
    arguments: argumentsText(body['arguments'] ?? body['input']),
  };
  state.addToolCall(piece, 'arguments');
}
