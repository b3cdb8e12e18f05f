import { asciiJson } from '../mock/ascii-json.ts';
import { answerText, toolCallText, reasoningText, type AnswerPlan } from '../mock/answer-plan.ts';
import type { MockError, StreamSpec, StreamWriter, ToldUsage } from '../mock/mock-format.ts';
import { type MockPart, readMessages } from '../mock/mock-part.ts';

const FINISH = { stop: 'stop', length: 'length', tool: 'tool_calls' } as const;

function finishOf({ isOldCall }: AnswerPlan, reason: AnswerPlan['finish']): string {
  return isOldCall && reason === 'tool' ? 'function_call' : FINISH[reason];
}

/** OpenAI's chat completions (platform.openai.com/docs/api-reference/chat), as of 2026-11. */
export const MOCK: MockPart = {
  readAsked: (fields) => readMessages(fields['messages'], 'messages'),
  limitFields: ['max_tokens', 'max_completion_tokens'],
  tellsUsageUnasked: false,
  takesChoices: 'to all',
  takesTools: true,
  templateTokens: { each: 4, once: 3 },
  itemsOf: null,
  counting: null,
  format: {
    idPrefix: 'chatcmpl',
    toldAtOpen: () => null,
    toldAtEnd: (usage) => usage,
    streamWriter: createWriter,
    blockingBody: ({ identity, usage, plan }) => {
      const choices = choicesOf(plan).map(
        (choice) =>
          `{"index":${choice},"message":${renderMessage(plan, identity.id, choice)},` +
          `"logprobs":null,"finish_reason":"${finishOf(plan, plan.finish)}"}`,
      );
      return (
        `{"id":"${identity.id}","object":"chat.completion","created":${identity.createdUnixSec},` +
        `"model":${identity.modelJson},"choices":[${choices.join(',')}]${openAiUsage(usage, plan.choices)}}`
      );
    },
    errorBody: openAiError,
  },
};

/** The numbers of an answer's choices. */
export function choicesOf({ choices }: Pick<AnswerPlan, 'choices'>): number[] {
  return Array.from({ length: choices }, (_, choice) => choice);
}

/** An error as OpenAI writes it, and nearly everyone else. */
export function openAiError({ message, type, param, code }: MockError): string {
  return asciiJson({ error: { message, type, param: param ?? null, code: code ?? null } });
}

/** What OpenAI's streams end with. */
export const DONE_MARK = 'data: [DONE]';

function createWriter({ identity, usage, eol, plan }: StreamSpec): StreamWriter {
  const end = eol + eol;
  const start =
    `data: {"id":"${identity.id}","object":"chat.completion.chunk","created":${identity.createdUnixSec},` +
    `"model":${identity.modelJson},"choices":[`;
  const delta = (choice: number, fields: string, finish = 'null'): string =>
    `${start}{"index":${choice},"delta":{${fields}},"finish_reason":${finish}}]}${end}`;
  const beforeText = choicesOf(plan).map((choice) => `${start}{"index":${choice},"delta":{"content":"`);
  const afterText = `"},"finish_reason":null}]}${end}`;
  const forEach = (write: (choice: number) => string): string => choicesOf(plan).map(write).join('');
  return {
    open: () => forEach((choice) => delta(choice, '"role":"assistant","content":""')),
    text: (piece, choice) => (beforeText[choice] ?? '') + piece + afterText,
    reasoning: (piece, choice) => delta(choice, `"reasoning_content":"${piece}"`),
    toolName: (name, choice) =>
      delta(
        choice,
        plan.isOldCall
          ? `"function_call":{"name":"${name}","arguments":""}`
          : `"tool_calls":[{"index":0,"id":"${callId(identity.id, choice)}","type":"function","function":{"name":"${name}","arguments":""}}]`,
      ),
    toolArguments: (piece, choice) =>
      delta(
        choice,
        plan.isOldCall
          ? `"function_call":{"arguments":${asciiJson(piece)}}`
          : `"tool_calls":[{"index":0,"function":{"arguments":${asciiJson(piece)}}}]`,
      ),
    finish: (reason) =>
      forEach((choice) => delta(choice, '', `"${finishOf(plan, reason)}"`)) +
      (usage === null ? '' : `${start}]${openAiUsage(usage)}}${end}`),
    done: () => DONE_MARK + end,
    error: () => `data: ${openAiError(STOPPED)}${end}`,
    malformed: () => `${beforeText[0] ?? ''}brok${end}`,
  };
}

/** What an engine that breaks down in mid-answer says. */
export const STOPPED: MockError = { message: 'the mock engine stopped', type: 'server_error', code: 500 };

function callId(id: string, choice: number): string {
  return choice === 0 ? `call_${id}` : `call_${id}_${choice}`;
}

function renderMessage(plan: AnswerPlan, id: string, choice: number): string {
  const { reasoningTokens, outputTokens, tool } = plan;
  const reasoning =
    reasoningTokens === 0 ? '' : `,"reasoning_content":"${reasoningText(plan, 0, reasoningTokens)}"`;
  if (tool === null) {
    const text = answerText(plan, reasoningTokens, outputTokens, choice);
    return `{"role":"assistant","content":"${text}","refusal":null${reasoning}}`;
  }
  const call = { name: tool, arguments: toolCallText(plan, reasoningTokens, outputTokens) };
  if (plan.isOldCall)
    return `{"role":"assistant","content":null,"refusal":null${reasoning},"function_call":${asciiJson(call)}}`;
  return (
    `{"role":"assistant","content":null,"refusal":null${reasoning},` +
    `"tool_calls":[{"id":"${callId(id, choice)}","type":"function","function":${asciiJson(call)}}]}`
  );
}

/**
 * The field `usage` of OpenAI's chat and completions, behind a comma; nothing for none. Of several choices in a whole answer it
 * holds what OpenAI's own has, by which it is known to count them all.
 */
export function openAiUsage(usage: ToldUsage | null, choices = 1): string {
  if (usage === null) return '';
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  return (
    `,"usage":{"prompt_tokens":${inputTokens},"completion_tokens":${outputTokens},` +
    `"total_tokens":${inputTokens + outputTokens},` +
    `"prompt_tokens_details":{"cached_tokens":${cachedInputTokens}},` +
    `"completion_tokens_details":{"reasoning_tokens":${reasoningTokens}` +
    `${choices > 1 ? ',"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0' : ''}}}`
  );
}
