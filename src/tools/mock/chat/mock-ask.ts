import type { Kind } from '../../../lib/kinds/kind.ts';
import type {
  AskedText,
  AskProblem,
  MockPart,
  RequestFields,
  SaidUpTo,
} from '../../../lib/kinds/mock/mock-part.ts';
import { isRecord, parseJsonRecord } from '../../../lib/parse/json.ts';
import { forcedToolOf } from './wanted-tool.ts';

/** A kind of request, and the mock's part of it. */
export type MockKind = { kind: Kind; part: MockPart };

/** A request as the mock understands it, of any kind. */
export type MockAsk = {
  /** The name of its kind. */
  kind: string;
  model: string;
  stream: boolean;
  /** The client wants token counts in the stream; where streams tell them unasked, always so. */
  includeUsage: boolean;
  /** The smallest of the fields that limit the answer; null: no limit. */
  maxTokens: number | null;
  minTokens: number;
  ignoreEos: boolean;
  /** The tool that the request demands a call of. */
  forcedTool: string | null;
  /** It asks for reasoning: `reasoning_effort` other than none, or Anthropic's `thinking`. */
  wantsReasoning: boolean;
  /** Answers side by side. */
  choices: number;
  /** Items that the answer is to hold; null: it is text. */
  items: number | null;
  messages: readonly MessageShape[];
  /** What a later request may go on from by the answer's id alone; null: nothing. */
  kept: readonly AskedText[] | null;
  /** All texts in their order, roles between them. */
  prompt: string;
  /** See `promptTokensOf`. */
  promptTokens: number;
  /** `abc123` of the newest `[mark:abc123]` in what is asked. */
  mark: string | null;
  /** Whether the body has such a field at its top level, and what it holds. */
  has: (field: string) => boolean;
  field: (name: string) => unknown;
};

/** What is kept of a message: no text. */
export type MessageShape = { role: string; chars: number; pictures?: number };

const CHARS_PER_TOKEN = 4;
/** OpenAI's count of a picture of low detail (2026-11); the mock does not look at them. */
const TOKENS_PER_PICTURE = 85;
/** To each text; and to all of them together. */
const MAX_CHOICES = 16;
const MAX_ANSWERS = 128;
const MARK = /\[mark:([A-Za-z0-9_-]{1,64})\]/g;

/**
 * The mock's estimate: a token for each four characters of all texts, 85 for a picture, and what the kind has around
 * them: of chat 4 a message, and 3.
 */
export function promptTokensOf(
  messages: readonly MessageShape[],
  { each, once }: MockPart['templateTokens'],
): number {
  const chars = messages.reduce((sum, message) => sum + message.chars, 0);
  const pictures = messages.reduce((sum, message) => sum + (message.pictures ?? 0), 0);
  const tokens = Math.ceil(chars / CHARS_PER_TOKEN) + TOKENS_PER_PICTURE * pictures;
  return tokens + each * messages.length + once;
}

/** What of a request is not in its body. */
export type AskPlace = {
  saidUpTo: SaidUpTo;
  /** The model, where the body names none. */
  deployment: string | null;
};

/** Reads a body. It never throws. */
export function parseAsk(
  body: string,
  { kind, part }: MockKind,
  { saidUpTo, deployment }: AskPlace = { saidUpTo: () => null, deployment: null },
): MockAsk | AskProblem {
  const fields = parseJsonRecord(body);
  if (fields === null) return { message: 'the body is not a JSON object', param: null };
  const model = fields['model'] || deployment;
  if (typeof model !== 'string' || model === '') return { message: 'model: expected a name', param: 'model' };
  const read = part.readAsked(fields, saidUpTo);
  if ('message' in read) return read;
  const limits = part.limitFields.map((name) => fields[name] ?? null);
  if (!limits.every((limit) => limit === null || isCount(limit))) {
    const name = part.limitFields[0] ?? '';
    return { message: `${name}: expected a whole number of at least 1`, param: name };
  }
  const choices = choicesIn(fields, { takes: part.takesChoices, texts: read.length });
  if (typeof choices !== 'number') return choices;
  const numbers = limits.filter(isCount);
  const shapes = read.map(shapeOf);
  return {
    kind: kind.name,
    model,
    stream: fields['stream'] === true && part.format.streamWriter !== null,
    includeUsage: part.tellsUsageUnasked || asksForUsage(fields),
    maxTokens: numbers.length === 0 ? null : Math.min(...numbers),
    minTokens: isCount(fields['min_tokens']) ? fields['min_tokens'] : 0,
    ignoreEos: fields['ignore_eos'] === true,
    forcedTool: part.takesTools ? forcedToolOf(fields) : null,
    wantsReasoning: part.takesTools && wantsReasoning(fields),
    choices,
    items: part.itemsOf?.(read.length, fields) ?? null,
    messages: shapes,
    kept: part.keptOf?.(fields, read) ?? null,
    prompt: read.map(({ role, text }) => `${role}\n${text}`).join('\n'),
    promptTokens: promptTokensOf(shapes, part.templateTokens),
    mark: markOf(read),
    has: (field) => Object.hasOwn(fields, field),
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
  };
}

function choicesIn(
  { n }: RequestFields,
  { takes, texts }: { takes: MockPart['takesChoices']; texts: number },
): number | AskProblem {
  if (takes === false) return 1;
  const choices = n ?? 1;
  if (!isCount(choices) || choices > MAX_CHOICES)
    return { message: `n: expected a whole number from 1 to ${MAX_CHOICES}`, param: 'n' };
  const answers = takes === 'to all' ? choices : choices * texts;
  return answers <= MAX_ANSWERS
    ? answers
    : { message: `prompt: ${answers} answers asked for; expected at most ${MAX_ANSWERS}`, param: 'prompt' };
}

function shapeOf({ role, text, pictures }: AskedText): MessageShape {
  return pictures === 0 ? { role, chars: text.length } : { role, chars: text.length, pictures };
}

function asksForUsage({ stream_options: options }: RequestFields): boolean {
  return isRecord(options) && options['include_usage'] === true;
}

function markOf(messages: readonly AskedText[]): string | null {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const text = messages[index]?.text ?? '';
    if (!text.includes('[mark:')) continue;
    const marks = [...text.matchAll(MARK)];
    const newest = marks.at(-1)?.[1];
    if (newest !== undefined) return newest;
  }
  return null;
}

function wantsReasoning(fields: RequestFields): boolean {
  const { thinking, reasoning } = fields;
  const effort = isRecord(reasoning) ? reasoning['effort'] : fields['reasoning_effort'];
  if (isRecord(thinking)) return thinking['type'] === 'enabled';
  return effort === 'low' || effort === 'medium' || effort === 'high';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
