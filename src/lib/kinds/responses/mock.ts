import { openAiError, STOPPED } from '../chat/mock.ts';
import { answerText, toolCallText, reasoningText, type AnswerPlan } from '../mock/answer-plan.ts';
import { asciiJson } from '../mock/ascii-json.ts';
import type { AnswerIdentity, StreamSpec, StreamWriter, ToldUsage } from '../mock/mock-format.ts';
import {
  type AskedText,
  askedText,
  type AskProblem,
  type MockPart,
  type SaidUpTo,
} from '../mock/mock-part.ts';
import { isRecord } from '../../parse/json.ts';

/** OpenAI's Responses (platform.openai.com/docs/api-reference/responses), as of 2026-11. */
export const MOCK: MockPart = {
  readAsked: ({ instructions, input, previous_response_id: previous }, saidUpTo) => {
    const turns = readInput(input);
    if ('message' in turns) return turns;
    const before = readBefore(previous ?? null, saidUpTo);
    if ('message' in before) return before;
    const told = typeof instructions === 'string' ? [askedText('system', instructions)] : [];
    return [...told, ...before, ...turns];
  },
  // Instructions hold for one request.
  keptOf: ({ instructions, store }, asked) =>
    store === false ? null : typeof instructions === 'string' ? asked.slice(1) : asked,
  limitFields: ['max_output_tokens'],
  tellsUsageUnasked: true,
  takesChoices: false,
  takesTools: true,
  templateTokens: { each: 4, once: 3 },
  itemsOf: null,
  counting: {
    path: 'responses/input_tokens',
    body: (tokens) => `{"object":"response.input_tokens","input_tokens":${tokens}}`,
  },
  format: {
    idPrefix: 'resp',
    toldAtOpen: () => null,
    toldAtEnd: (usage) => usage,
    streamWriter: createWriter,
    blockingBody: ({ identity, usage, plan }) =>
      renderResponse(identity, { status: statusOf(plan.finish), items: itemsOf(plan, identity.id), usage }),
    errorBody: openAiError,
  },
};

function readBefore(previous: unknown, saidUpTo: SaidUpTo): readonly AskedText[] | AskProblem {
  if (previous === null) return [];
  const param = 'previous_response_id';
  if (typeof previous !== 'string') return { message: `${param}: expected the id of an answer`, param };
  return (
    saidUpTo(previous) ?? {
      message: `Previous response with id '${previous.slice(0, 100)}' not found.`,
      param,
      code: 'previous_response_not_found',
    }
  );
}

/** A text, or a list of items, of which messages count; calls and their results are texts too. */
function readInput(input: unknown): AskedText[] | AskProblem {
  if (typeof input === 'string') return [askedText('user', input)];
  const items = Array.isArray(input) ? input.filter(isRecord) : [];
  if (!Array.isArray(input) || items.length === 0 || items.length < input.length) {
    return { message: 'input: expected a text, or a list of items', param: 'input' };
  }
  return items.map(({ role, content, output, arguments: called }) =>
    askedText(typeof role === 'string' ? role : 'tool', content ?? output ?? called),
  );
}

type Status = 'in_progress' | 'completed' | 'incomplete';

function statusOf(finish: AnswerPlan['finish']): Status {
  return finish === 'length' ? 'incomplete' : 'completed';
}

function renderResponse(
  { id, modelJson, createdUnixSec }: AnswerIdentity,
  { status, items, usage }: { status: Status; items: readonly string[]; usage: ToldUsage | null },
): string {
  const details = status === 'incomplete' ? '{"reason":"max_output_tokens"}' : 'null';
  return (
    `{"id":"${id}","object":"response","created_at":${createdUnixSec},"status":"${status}","error":null,` +
    `"incomplete_details":${details},"instructions":null,"metadata":{},"model":${modelJson},` +
    `"output":[${items.join(',')}],"parallel_tool_calls":true,"temperature":1,"tool_choice":"auto","tools":[],` +
    `"top_p":1,"usage":${renderUsage(usage)}}`
  );
}

function renderUsage(usage: ToldUsage | null): string {
  if (usage === null) return 'null';
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  return (
    `{"input_tokens":${inputTokens},"input_tokens_details":{"cached_tokens":${cachedInputTokens}},` +
    `"output_tokens":${outputTokens},"output_tokens_details":{"reasoning_tokens":${reasoningTokens}},` +
    `"total_tokens":${inputTokens + outputTokens}}`
  );
}

type Item = 'reasoning' | 'message' | 'function_call';

/** An item of the output, whole or as it begins. */
function renderItem(
  item: Item,
  id: string,
  content: { text: string; name?: string; isOpen?: boolean },
): string {
  const { text, name = '', isOpen = false } = content;
  const status = isOpen ? 'in_progress' : 'completed';
  switch (item) {
    case 'reasoning':
      return `{"id":"rs_${id}","type":"reasoning","summary":[]${isOpen ? '' : `,"content":[{"type":"reasoning_text","text":"${text}"}]`}}`;
    case 'message':
      return (
        `{"id":"msg_${id}","type":"message","status":"${status}","role":"assistant",` +
        `"content":[${isOpen ? '' : textPart(text)}]}`
      );
    case 'function_call':
      return (
        `{"id":"fc_${id}","type":"function_call","status":"${status}","call_id":"call_${id}","name":"${name}",` +
        `"arguments":${asciiJson(text)}}`
      );
  }
}

function textPart(text: string): string {
  return `{"type":"output_text","text":"${text}","annotations":[],"logprobs":[]}`;
}

/** The items of a whole answer. */
function itemsOf(plan: AnswerPlan, id: string): string[] {
  const { reasoningTokens, outputTokens, tool } = plan;
  const thought =
    reasoningTokens === 0
      ? []
      : [renderItem('reasoning', id, { text: reasoningText(plan, 0, reasoningTokens) })];
  if (tool !== null) {
    const text = toolCallText(plan, reasoningTokens, outputTokens);
    return [...thought, renderItem('function_call', id, { text, name: tool })];
  }
  if (outputTokens === 0) return thought;
  const text = answerText(plan, reasoningTokens, outputTokens);
  return [...thought, renderItem('message', id, { text })];
}

function createWriter({ identity, usage, eol, plan }: StreamSpec): StreamWriter {
  const { id } = identity;
  let number = 0;
  const event = (type: string, fields: string): string =>
    `event: ${type}${eol}data: {"type":"${type}","sequence_number":${number++}${fields}}${eol}${eol}`;
  const whole = (type: string, status: Status, items: readonly string[]): string =>
    event(
      type,
      `,"response":${renderResponse(identity, { status, items, usage: status === 'in_progress' ? null : usage })}`,
    );
  let item: Item | null = null;
  let index = -1;
  const at = (): string => `,"item_id":"${ID_PREFIXES[item ?? 'message']}_${id}","output_index":${index}`;
  const part = (): string => `${at()},"content_index":0`;
  const leave = (): string => {
    if (item === null) return '';
    const text = textOf(item, plan);
    const ended =
      item === 'message'
        ? event('response.output_text.done', `${part()},"text":"${text}","logprobs":[]`) +
          event('response.content_part.done', `${part()},"part":${textPart(text)}`)
        : item === 'reasoning'
          ? event('response.reasoning_text.done', `${part()},"text":"${text}"`)
          : event('response.function_call_arguments.done', `${at()},"arguments":${asciiJson(text)}`);
    const done = renderItem(item, id, { text, name: plan.tool ?? '' });
    return ended + event('response.output_item.done', `,"output_index":${index},"item":${done}`);
  };
  const enter = (next: Item): string => {
    if (item === next) return '';
    const left = leave();
    item = next;
    index += 1;
    const begun = renderItem(next, id, { text: '', name: plan.tool ?? '', isOpen: true });
    const added = event('response.output_item.added', `,"output_index":${index},"item":${begun}`);
    const opened =
      next === 'message' ? event('response.content_part.added', `${part()},"part":${textPart('')}`) : '';
    return left + added + opened;
  };
  return {
    open: () =>
      whole('response.created', 'in_progress', []) + whole('response.in_progress', 'in_progress', []),
    text: (piece) =>
      enter('message') + event('response.output_text.delta', `${part()},"delta":"${piece}","logprobs":[]`),
    reasoning: (piece) =>
      enter('reasoning') + event('response.reasoning_text.delta', `${part()},"delta":"${piece}"`),
    toolName: () => enter('function_call'),
    toolArguments: (piece) =>
      event('response.function_call_arguments.delta', `${at()},"delta":${asciiJson(piece)}`),
    finish: (reason) => {
      const status = statusOf(reason);
      return leave() + whole(`response.${status}`, status, itemsOf(plan, id));
    },
    done: () => '',
    error: () => {
      const { message, type } = STOPPED;
      return event('error', `,"code":"${type}","message":"${message}","param":null`);
    },
    malformed: () =>
      `event: response.output_text.delta${eol}data: {"type":"response.output_text.delta","del${eol}${eol}`,
  };
}

const ID_PREFIXES = { reasoning: 'rs', message: 'msg', function_call: 'fc' } as const;

function textOf(item: Item, plan: AnswerPlan): string {
  const { reasoningTokens, outputTokens } = plan;
  switch (item) {
    case 'reasoning':
      return reasoningText(plan, 0, reasoningTokens);
    case 'message':
      return answerText(plan, reasoningTokens, outputTokens);
    case 'function_call':
      return toolCallText(plan, reasoningTokens, outputTokens);
  }
}
