import { isRecord, parseJson } from '../../parse/json.ts';
import { plainName } from '../../text/plain-text.ts';
import type { Usage } from '../../answer/attempt.ts';
import { learnSpelling, type SpelledAnswer, type Spelling, valuesIn } from './spelling.ts';

/** What an ordinary blocking success tells. */
export type PlainAnswer = SpelledAnswer & {
  /** null: it is written with escapes, and nobody wants it. */
  text: string | null;
};

/**
 * An answer whose JSON can be asked for parts, as k6's can: its parser (gjson) is no script, so it is quick. Without a
 * body it is asked for all.
 */
export type AskedAnswer = { json: (query: string) => unknown; body?: string | null };

/**
 * All that is read of an answer, in one question. `shape` is what nearly all answers of a model have in common, as one
 * text: the names of all fields, and the values of those that may make it another answer than a plain one. Lists, in
 * place of objects, save a third; what may be missing stands in a list of its own, so that the others keep their place.
 */
const QUERY = `{"shape":[\
@keys,[object],[model],[service_tier],choices.@keys,\
choices.0.@keys,[choices.0.finish_reason],\
choices.0.message.@keys,choices.0.message.[refusal,audio,function_call,tool_calls,reasoning_content],\
usage.@keys,[usage.completion_tokens_details],usage.prompt_tokens_details.@keys,[usage.prompt_tokens_details.audio_tokens]\
].@tostr,\
"counts":usage.{prompt_tokens,completion_tokens,total_tokens,"cached_tokens":prompt_tokens_details.cached_tokens},\
"text":choices.0.message.content}`;

/** What comes back. The keys of a list are as many nulls, those of a number or a text are one. */
type PlainParts = { shape: string; counts: Readonly<Record<string, unknown>>; text: unknown };

/** What a shape tells of a plain answer. */
type Shape = { answeredModel: string | null; finishReason: string };

/** Fields that change nothing whatever they hold, and fields whose values are looked at. */
const PLAIN_FIELDS = {
  top: [
    'id',
    'object',
    'created',
    'model',
    'choices',
    'usage',
    'system_fingerprint',
    'service_tier',
    'prompt_logprobs',
    'prompt_token_ids',
    'kv_transfer_params',
  ],
  choice: ['index', 'message', 'finish_reason', 'logprobs', 'stop_reason', 'matched_stop', 'token_ids'],
  message: [
    'role',
    'content',
    'annotations',
    'refusal',
    'audio',
    'function_call',
    'tool_calls',
    'reasoning_content',
  ],
  usage: [
    'prompt_tokens',
    'completion_tokens',
    'total_tokens',
    'prompt_tokens_details',
    'completion_tokens_details',
  ],
  input: ['cached_tokens', 'audio_tokens', null],
};
/** Any other tier may have a price of its own. */
const ORDINARY_TIERS: readonly unknown[] = ['default', 'auto', 'standard'];

/** Shapes remembered: models of a mix, times the reasons to finish. */
const MAX_SHAPES = 16;
/** What stands for half a character, of which two parsers make two things. */
const HALF_CHARACTER = '\uFFFD';

/** Spellings remembered: models of a mix, times the reasons to finish. */
const MAX_SPELLINGS = 4;
/** Answers that are not held against any spelling when one had none: there may be more like it. */
const REST_AFTER_MISS = 8;
/** First answers that are held against none: to learn one takes longer than to ask a few. */
const FIRST_REST = 2;
/** Spellings learnt before a server is taken for one that has none. */
const MAX_LEARNT = 64;

/**
 * Reads the one kind of answer that a healthy server gives nearly always: one choice, text, plain usage. Anything
 * else is null and is for the reader of all answers (http-answer.ts), which gives the same result for this one. It is
 * small and quick because every VU holds it and every request passes it. An answer spelled as one before has only its own
 * parts read, for a third of what the question to gjson takes.
 */
export function createPlainReader(): (answer: AskedAnswer, wantsText?: boolean) => PlainAnswer | null {
  const ask = createAsker();
  const spellings: Spelling[] = [];
  let learnt = 0;
  let rest = FIRST_REST;
  return (answer, wantsText = true) => {
    if (rest > 0) {
      rest--;
      return ask(answer);
    }
    const { body } = answer;
    if (typeof body !== 'string') return ask(answer);
    for (let at = 0; at < spellings.length; at++) {
      const spelling = spellings[at] as Spelling;
      const values = valuesIn(body, spelling);
      if (values === null) continue;
      const plain = readValues(values, spelling, wantsText);
      // k6 looks through the whole body before it answers the first question of it.
      if (plain === null || answer.json('usage.prompt_tokens') === undefined) break;
      return plain;
    }
    if (spellings.length > 0) rest = REST_AFTER_MISS;
    const plain = ask(answer);
    const spelling = plain === null || learnt === MAX_LEARNT ? null : learnSpelling(body, plain);
    if (spelling !== null) spellings[learnt++ % MAX_SPELLINGS] = spelling;
    return plain;
  };
}

/** Null: to be asked for. */
function readValues(values: readonly string[], spelling: Spelling, wantsText: boolean): PlainAnswer | null {
  const { at, answer } = spelling;
  const content = values[at.content] as string;
  if (content === '' || content.includes('"') || content.includes(HALF_CHARACTER)) return null;
  const hasEscapes = content.includes('\\');
  if (hasEscapes && (wantsText || content.includes('\\u'))) return null;
  const inputTokens = +(values[at.prompt_tokens] as string);
  const outputTokens = +(values[at.completion_tokens] as string);
  const total = +(values[at.total_tokens] ?? 0);
  const { cachedInputTokens } = answer.usage;
  if (!isCount(inputTokens) || !isCount(outputTokens) || !isCount(total) || outputTokens === 0) return null;
  if (total > inputTokens + outputTokens || (cachedInputTokens ?? 0) > inputTokens) return null;
  if ((values[at.id] ?? '').includes('"') || !isCount(+(values[at.created] ?? 0))) return null;
  const usage = {
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
  const text = hasEscapes ? null : content;
  return { usage, answeredModel: answer.answeredModel, finishReason: answer.finishReason, text };
}

/** Asks gjson for all that is read, in one question. A shape is understood once. */
function createAsker(): (answer: AskedAnswer) => PlainAnswer | null {
  const shapes: string[] = [];
  const meanings: (Shape | null)[] = [];
  return (answer) => {
    const parts = answer.json(QUERY);
    if (!isParts(parts)) return null;
    const { shape, text } = parts;
    let at = shapes.indexOf(shape);
    if (at === -1) {
      at = shapes.length % MAX_SHAPES;
      shapes[at] = shape;
      meanings[at] = readShape(parseJson(shape));
    }
    const meaning = meanings[at] ?? null;
    if (meaning === null || typeof text !== 'string' || text === '' || text.includes(HALF_CHARACTER))
      return null;
    const usage = readCounts(parts.counts);
    const { answeredModel, finishReason } = meaning;
    return usage === null ? null : { usage, answeredModel, finishReason, text };
  };
}

/** Of a body that is no JSON comes nothing, of one without usage no counts. */
function isParts(parts: unknown): parts is PlainParts {
  return typeof parts === 'object' && parts !== null && 'counts' in parts;
}

/** Null: answers of this shape are not plain. */
function readShape(shape: unknown): Shape | null {
  if (!isListOfLists(shape)) return null;
  const [top, object, model, tier, choices, choice, finish, message, extras, usage, output, input, sound] =
    shape;
  const isPlain =
    hasOnly(top, PLAIN_FIELDS.top) &&
    (object?.[0] ?? 'chat.completion') === 'chat.completion' &&
    ORDINARY_TIERS.includes(tier?.[0] ?? 'default') &&
    choices?.length === 1 &&
    choices[0] === null &&
    hasOnly(choice, PLAIN_FIELDS.choice) &&
    hasOnly(message, PLAIN_FIELDS.message) &&
    extras?.every(isNothing) === true &&
    hasOnly(usage, PLAIN_FIELDS.usage) &&
    hasOnly(input, PLAIN_FIELDS.input) &&
    (sound?.[0] ?? 0) === 0 &&
    areZero(output?.[0]);
  const finishReason = finish?.[0];
  if (!isPlain || (finishReason !== 'stop' && finishReason !== 'length')) return null;
  const name = model?.[0];
  return { answeredModel: typeof name === 'string' && name !== '' ? plainName(name) : null, finishReason };
}

function isListOfLists(value: unknown): value is unknown[][] {
  return Array.isArray(value) && value.every((part) => Array.isArray(part));
}

/** Of two fields of one name, two parsers may take the one and the other. */
function hasOnly(keys: readonly unknown[] | undefined, plain: readonly unknown[]): boolean {
  return keys?.every((key, at) => plain.includes(key) && keys.indexOf(key) === at) === true;
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** No reasoning, no sound, nothing of what output may be made of. */
function areZero(details: unknown): boolean {
  return !isRecord(details) || Object.values(details).every((count) => count === 0 || count === null);
}

/** Counts without anything that is to be explained. */
function readCounts(counts: PlainParts['counts']): Usage | null {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: total } = counts;
  const cachedInputTokens = counts['cached_tokens'] ?? 0;
  if (!isCount(inputTokens) || !isCount(outputTokens) || outputTokens === 0) return null;
  if (!isCount(cachedInputTokens) || cachedInputTokens > inputTokens) return null;
  // More in all than in its parts: the reader of all answers knows what to make of it.
  const all = total ?? 0;
  if (!isCount(all) || all > inputTokens + outputTokens) return null;
  return { inputTokens, cachedInputTokens, cacheWriteInputTokens: 0, outputTokens, reasoningTokens: 0 };
}

function isCount(value: unknown): value is number {
  return isSafeInteger(value) && value >= 0;
}

/** In a constant: the engine looks a global name up for 1 µs each time. */
const isSafeInteger = Number.isSafeInteger as (value: unknown) => value is number;
