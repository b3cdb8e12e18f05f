import type { AnswerState } from '../answer-state.ts';
import { isRecord } from '../../parse/is-record.ts';
import { findError } from '../failure/error-body.ts';

/** Where reasoning stands, in the order of preference: some relays send the same text twice. */
const REASONING_KEYS = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'] as const;

/**
 * Reads a chat chunk, a text completion's chunk, or a whole blocking answer in OpenAI's form, with the variants in
 * use (Azure, DeepSeek, Groq, llama.cpp, Mistral, Moonshot, OpenRouter, vLLM). Passes over what it does not know.
 */
export function readOpenAi(body: Record<string, unknown>, state: AnswerState): void {
  const error = findError(body);
  if (error !== null) state.addError(error);
  state.addModel(body['model']);
  const choices: unknown = body['choices'];
  const alone = Array.isArray(choices) && choices.length === 0;
  state.addUsage(body['usage'], alone);
  const groq = body['x_groq'];
  if (isRecord(groq)) {
    state.addUsage(groq['usage']);
    const groqError = findError(groq);
    if (groqError !== null) state.addError(groqError);
  }
  if (!Array.isArray(choices)) return;
  choices.forEach((choice: unknown, position) => {
    if (isRecord(choice)) readChoice(choice, position, state);
  });
}

function readChoice(choice: Record<string, unknown>, position: number, state: AnswerState): void {
  const index = typeof choice['index'] === 'number' ? choice['index'] : position;
  const isNew = !state.choices.has(index);
  state.seeChoice(index);
  state.addUsage(choice['usage']);
  const error = findError(choice);
  if (error !== null) state.addError(error);
  const text = choice['text'];
  if (typeof text === 'string') addText(state, 'answer', { choice: index, key: 'text', value: text });
  const delta = choice['delta'];
  // A whole `message` counts once: some servers repeat it in the last chunk.
  const message = delta === undefined && isNew ? choice['message'] : delta;
  if (message !== delta) state.marks += 1;
  if (isRecord(message)) readMessage(message, index, state);
  const reason = choice['finish_reason'];
  if (typeof reason === 'string' && reason !== '') state.finishChoice(index, reason);
}

function readMessage(message: Record<string, unknown>, choice: number, state: AnswerState): void {
  readReasoning(message, choice, state);
  readContent(message['content'], choice, state);
  addText(state, 'answer', { choice, key: 'refusal', value: message['refusal'] });
  const { audio } = message;
  if (isRecord(audio)) {
    const spoken = { choice, key: 'transcript', value: audio['transcript'] };
    const heard = addText(state, 'answer', spoken);
    if (!heard && typeof audio['data'] === 'string' && audio['data'] !== '')
      state.addOutput('answer', 'data');
  }
  const calls: unknown = message['tool_calls'];
  if (Array.isArray(calls)) for (const call of calls) readToolCall(call, choice, state);
  const legacy = message['function_call'];
  if (isRecord(legacy)) readToolCall({ index: 0, function: legacy }, choice, state);
}

function readReasoning(message: Record<string, unknown>, choice: number, state: AnswerState): void {
  for (const key of REASONING_KEYS) {
    if (addText(state, 'reasoning', { choice, key, value: message[key] })) return;
  }
  const details: unknown = message['reasoning_details'];
  if (!Array.isArray(details)) return;
  for (const detail of details) {
    if (!isRecord(detail)) continue;
    if (addText(state, 'reasoning', { choice, key: 'text', value: detail['text'] })) continue;
    if (addText(state, 'reasoning', { choice, key: 'summary', value: detail['summary'] })) continue;
    if (typeof detail['data'] === 'string' && detail['data'] !== '') state.addOutput('reasoning', 'data');
  }
}

/** A text, or a list of parts (Mistral: text and thinking). */
function readContent(content: unknown, choice: number, state: AnswerState): void {
  if (addText(state, 'answer', { choice, key: 'content', value: content }) || !Array.isArray(content)) return;
  for (const part of content as readonly unknown[]) {
    if (typeof part === 'string') addText(state, 'answer', { choice, key: 'content', value: part });
    if (!isRecord(part)) continue;
    const thinking: unknown = part['thinking'];
    if (addText(state, 'reasoning', { choice, key: 'thinking', value: thinking })) continue;
    for (const piece of Array.isArray(thinking) ? (thinking as readonly unknown[]) : []) {
      if (isRecord(piece)) addText(state, 'reasoning', { choice, key: 'text', value: piece['text'] });
    }
    addText(state, 'answer', { choice, key: 'text', value: part['text'] });
  }
}

function readToolCall(call: unknown, choice: number, state: AnswerState): void {
  if (!isRecord(call)) return;
  const { index, id } = call;
  const own = call['function'] ?? call['custom'];
  const body = isRecord(own) ? own : {};
  const piece = {
    choice,
    index: typeof index === 'number' ? index : null,
    id: typeof id === 'string' ? id : '',
    name: typeof body['name'] === 'string' ? body['name'] : '',
    arguments: argumentsText(body['arguments'] ?? body['input']),
  };
  state.addToolCall(piece, 'arguments');
}

/** Arguments are JSON in a text; Ollama sends the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) ? JSON.stringify(value) : '';
}

function addText(
  state: AnswerState,
  channel: 'answer' | 'reasoning',
  { choice, key, value }: { choice: number; key: string; value: unknown },
): boolean {
  if (typeof value !== 'string' || value === '') return false;
  state.addText(channel, { choice, key, text: value });
  return true;
}
