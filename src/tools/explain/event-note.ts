import { isDoneMark } from '../../lib/answer/stream/stray-text.ts';
import { AnswerState, type Channel } from '../../lib/answer/answer-state.ts';
import { parseJson } from '../../lib/parse/json.ts';
import { snippetOf } from '../../lib/answer/failure/snippet.ts';
import { isErrorName, readWireBody } from '../../lib/answer/wire/wire-body.ts';

/** What one event is for the measurement. */
export type EventMeaning =
  | 'output'
  | 'reasoning'
  | 'error'
  | 'end mark'
  | 'usage'
  | 'nothing'
  | 'not JSON'
  | 'after [DONE]';

/** One event of the stream, what it counted as, and what it brought, for people. */
export type EventNote = {
  atMs: number | null;
  name: string;
  data: string;
  /** It is a content event: TTFT, gaps and chunks go by it. */
  counted: boolean;
  meaning: EventMeaning;
  brought: string;
};

/** Reads one event alone. Whether it is too late to count is the caller's to know. */
export function noteEvent(event: { name: string; data: string }): Pick<EventNote, 'meaning' | 'brought'> {
  const text = event.data.trim();
  if (text === '') return { meaning: 'nothing', brought: 'no data' };
  if (isDoneMark(text)) return { meaning: 'end mark', brought: '[DONE]' };
  const body = parseJson(text);
  if (body === undefined && !isErrorName(event.name)) {
    return { meaning: 'not JSON', brought: snippetOf(text) };
  }
  const channels: Channel[] = [];
  const state = new AnswerState({ keepText: true, onOutput: (channel) => channels.push(channel) });
  readWireBody(body ?? text, event.name, state);
  const { usage } = state.readUsage(false, true);
  const hasUsage = usage.inputTokens !== null || usage.outputTokens !== null;
  const parts = [
    state.error === null
      ? null
      : `error ${state.error.message ?? state.error.code ?? state.error.type ?? ''}`,
    ...outputParts(state, channels),
    state.finishReason === null ? null : `finish reason ${state.finishReason}`,
    hasUsage ? `tokens ${usage.inputTokens ?? '?'} in, ${usage.outputTokens ?? '?'} out` : null,
  ].filter((part) => part !== null);
  const brought = parts.join('; ') || typeOf(body) || 'no text';
  return { meaning: meaningOf(state, channels, hasUsage), brought: snippetOf(brought) };
}

/** Reads text that stands where an event should be: `error: {…}` is the server's own word for what went wrong. */
export function noteStray(text: string): Pick<EventNote, 'meaning' | 'brought'> {
  const [, field = '', value = ''] = /^([\w .-]{1,40}?)\s*:\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  if (isErrorName(field)) return noteEvent({ name: 'error', data: value });
  return noteEvent({ name: '', data: text });
}

function outputParts(state: AnswerState, channels: readonly Channel[]): (string | null)[] {
  if (channels.length === 0) return [];
  const answer = state.text('answer') ?? '';
  const reasoning = state.text('reasoning') ?? '';
  return [
    reasoning === '' ? null : `reasoning ${JSON.stringify(reasoning)}`,
    answer === '' ? null : JSON.stringify(answer),
    ...state.toolCalls.map(({ name, arguments: args }) => `tool ${name}(${args})`),
    reasoning === '' && answer === '' && state.toolCalls.length === 0 ? 'output without text' : null,
  ];
}

function meaningOf(state: AnswerState, channels: readonly Channel[], hasUsage: boolean): EventMeaning {
  if (state.error !== null) return 'error';
  if (channels.length > 0) {
    return channels.every((channel) => channel === 'reasoning') ? 'reasoning' : 'output';
  }
  if (state.stopped || state.everyChoiceFinished) return 'end mark';
  return hasUsage ? 'usage' : 'nothing';
}

/** What an event calls itself, where it brings nothing: `ping`, `content_block_stop`. */
function typeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string'
    ? body.type
    : '';
}
