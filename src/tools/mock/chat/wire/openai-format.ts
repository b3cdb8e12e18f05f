import { asciiJson } from '../../server/answer-text.ts';
import { argumentsText, tokensText, type AnswerPlan } from '../plan-answer.ts';
import type { StreamWriter, ToldUsage, WireFormat } from './wire-format.ts';

const FINISH = { stop: 'stop', length: 'length', tool: 'tool_calls' } as const;

/** OpenAI's chat completions (platform.openai.com/docs/api-reference/chat), as of 2026-11. */
export const OPENAI_WIRE: WireFormat = {
  toldAtOpen: () => null,
  toldAtEnd: (usage) => usage,
  streamWriter: createWriter,
  blockingBody: ({ identity, usage, plan }) =>
    `{"id":"${identity.id}","object":"chat.completion","created":${identity.createdUnixSec},` +
    `"model":${identity.modelJson},"choices":[{"index":0,"message":${renderMessage(plan, identity.id)},` +
    `"logprobs":null,"finish_reason":"${FINISH[plan.finish]}"}]${renderUsage(usage)}}`,
  errorBody: ({ message, type, param, code }) =>
    asciiJson({ error: { message, type, param: param ?? null, code: code ?? null } }),
};

function createWriter(spec: Parameters<WireFormat['streamWriter']>[0]): StreamWriter {
  const { identity, usage, eol } = spec;
  const end = eol + eol;
  const start =
    `data: {"id":"${identity.id}","object":"chat.completion.chunk","created":${identity.createdUnixSec},` +
    `"model":${identity.modelJson},"choices":[`;
  const delta = (fields: string, finish = 'null'): string =>
    `${start}{"index":0,"delta":{${fields}},"finish_reason":${finish}}]}${end}`;
  const beforeText = `${start}{"index":0,"delta":{"content":"`;
  const afterText = `"},"finish_reason":null}]}${end}`;
  return {
    open: () => delta('"role":"assistant","content":""'),
    text: (piece) => beforeText + piece + afterText,
    reasoning: (piece) => delta(`"reasoning_content":"${piece}"`),
    toolName: (name) =>
      delta(
        `"tool_calls":[{"index":0,"id":"call_${identity.id}","type":"function","function":{"name":"${name}","arguments":""}}]`,
      ),
    toolArguments: (piece) =>
      delta(`"tool_calls":[{"index":0,"function":{"arguments":${asciiJson(piece)}}}]`),
    finish: (reason) =>
      delta('', `"${FINISH[reason]}"`) + (usage === null ? '' : `${start}]${renderUsage(usage)}}${end}`),
    done: () => `data: [DONE]${end}`,
    error: () =>
      `data: ${OPENAI_WIRE.errorBody({ message: 'the mock engine stopped', type: 'server_error', code: 500 })}${end}`,
    malformed: () => `${beforeText}brok${end}`,
  };
}

function renderMessage(plan: AnswerPlan, id: string): string {
  const { reasoningTokens, outputTokens, tool } = plan;
  const reasoning =
    reasoningTokens === 0 ? '' : `,"reasoning_content":"${tokensText(plan, 0, reasoningTokens)}"`;
  if (tool === null) {
    const text = tokensText(plan, reasoningTokens, outputTokens);
    return `{"role":"assistant","content":"${text}","refusal":null${reasoning}}`;
  }
  const call = { name: tool, arguments: argumentsText(plan, reasoningTokens, outputTokens) };
  return (
    `{"role":"assistant","content":null,"refusal":null${reasoning},` +
    `"tool_calls":[{"id":"call_${id}","type":"function","function":${asciiJson(call)}}]}`
  );
}

function renderUsage(usage: ToldUsage | null): string {
  if (usage === null) return '';
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  return (
    `,"usage":{"prompt_tokens":${inputTokens},"completion_tokens":${outputTokens},` +
    `"total_tokens":${inputTokens + outputTokens},` +
    `"prompt_tokens_details":{"cached_tokens":${cachedInputTokens}},` +
    `"completion_tokens_details":{"reasoning_tokens":${reasoningTokens}}}`
  );
}
