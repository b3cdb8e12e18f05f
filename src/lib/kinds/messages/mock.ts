import { asciiJson } from '../mock/ascii-json.ts';
import { answerText, toolCallText, reasoningText, type AnswerPlan } from '../mock/answer-plan.ts';
import type { MockError, StreamSpec, StreamWriter, ToldUsage } from '../mock/mock-format.ts';
import { askedText, type MockPart, readMessages } from '../mock/mock-part.ts';

const FINISH = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const;

/** Anthropic's messages (docs.anthropic.com/en/api/messages-streaming), as of 2026-11. */
export const MOCK: MockPart = {
  readAsked: (fields) => {
    const turns = readMessages(fields['messages'], 'messages');
    const { system } = fields;
    return 'message' in turns || system === undefined ? turns : [askedText('system', system), ...turns];
  },
  limitFields: ['max_tokens'],
  tellsUsageUnasked: true,
  takesChoices: false,
  takesTools: true,
  templateTokens: { each: 4, once: 3 },
  itemsOf: null,
  counting: { path: 'messages/count_tokens', body: (tokens) => `{"input_tokens":${tokens}}` },
  format: {
    idPrefix: 'msg',
    toldAtOpen,
    toldAtEnd: (usage) => ({ ...usage, reasoningTokens: 0 }),
    streamWriter: createWriter,
    blockingBody: ({ identity, usage, plan }) =>
      `{"id":"${identity.id}","type":"message","role":"assistant","model":${identity.modelJson},` +
      `"content":[${renderBlocks(plan, identity.id)}],"stop_reason":"${FINISH[plan.finish]}",` +
      `"stop_sequence":null${renderUsage(usage)}}`,
    errorBody: anthropicError,
  },
};

function toldAtOpen(usage: ToldUsage): ToldUsage {
  return { ...usage, outputTokens: Math.min(1, usage.outputTokens), reasoningTokens: 0 };
}

function anthropicError({ message, type, code }: MockError): string {
  const own = code === 'model_not_found' ? 'not_found_error' : type;
  return asciiJson({ type: 'error', error: { type: own, message } });
}

type Block = 'text' | 'thinking' | 'tool_use';

const EMPTY_BLOCK = {
  text: '{"type":"text","text":""}',
  thinking: '{"type":"thinking","thinking":"","signature":""}',
} as const;

function createWriter({ identity, usage, eol }: StreamSpec): StreamWriter {
  const event = (type: string, fields: string): string =>
    `event: ${type}${eol}data: {"type":"${type}"${fields}}${eol}${eol}`;
  let index = -1;
  let block: Block | null = null;
  const stop = (): string => (block === null ? '' : event('content_block_stop', `,"index":${index}`));
  const enter = (next: Block, content: string): string => {
    if (block === next) return '';
    const before = stop();
    block = next;
    index += 1;
    return before + event('content_block_start', `,"index":${index},"content_block":${content}`);
  };
  const delta = (fields: string): string =>
    event('content_block_delta', `,"index":${index},"delta":{${fields}}`);
  return {
    open: () =>
      event(
        'message_start',
        `,"message":{"id":"${identity.id}","type":"message","role":"assistant","model":${identity.modelJson},` +
          `"content":[],"stop_reason":null,"stop_sequence":null` +
          `${renderUsage(usage === null ? null : toldAtOpen(usage))}}`,
      ) + event('ping', ''),
    text: (piece) => enter('text', EMPTY_BLOCK.text) + delta(`"type":"text_delta","text":"${piece}"`),
    reasoning: (piece) =>
      enter('thinking', EMPTY_BLOCK.thinking) + delta(`"type":"thinking_delta","thinking":"${piece}"`),
    toolName: (name) =>
      enter('tool_use', `{"type":"tool_use","id":"toolu_${identity.id}","name":"${name}","input":{}}`),
    toolArguments: (piece) => delta(`"type":"input_json_delta","partial_json":${asciiJson(piece)}`),
    finish: (reason) => {
      const told = usage === null ? '' : `,"usage":{"output_tokens":${usage.outputTokens}}`;
      return (
        stop() +
        event('message_delta', `,"delta":{"stop_reason":"${FINISH[reason]}","stop_sequence":null}${told}`) +
        event('message_stop', '')
      );
    },
    done: () => '',
    error: () =>
      `event: error${eol}data: ${anthropicError({ message: 'the mock engine stopped', type: 'api_error' })}${eol}${eol}`,
    malformed: () => `event: content_block_delta${eol}data: {"type":"content_block_delta","del${eol}${eol}`,
  };
}

function renderBlocks(plan: AnswerPlan, id: string): string {
  const { reasoningTokens, outputTokens, tool } = plan;
  const blocks: string[] = [];
  if (reasoningTokens > 0) {
    blocks.push(`{"type":"thinking","thinking":"${reasoningText(plan, 0, reasoningTokens)}","signature":""}`);
  }
  if (tool !== null) {
    const input = toolCallText(plan, reasoningTokens, outputTokens);
    blocks.push(`{"type":"tool_use","id":"toolu_${id}","name":"${tool}","input":${input}}`);
  } else if (outputTokens > 0) {
    blocks.push(`{"type":"text","text":"${answerText(plan, reasoningTokens, outputTokens)}"}`);
  }
  return blocks.join(',');
}

/** Anthropic counts input read from the cache apart, and has no count of reasoning. */
function renderUsage(usage: ToldUsage | null): string {
  if (usage === null) return '';
  return (
    `,"usage":{"input_tokens":${usage.inputTokens - usage.cachedInputTokens},` +
    `"cache_creation_input_tokens":0,"cache_read_input_tokens":${usage.cachedInputTokens},` +
    `"output_tokens":${usage.outputTokens}}`
  );
}
