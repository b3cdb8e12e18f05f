import type { Usage } from '../attempt.ts';
import { isRecord } from '../../parse/json.ts';

/** What an ordinary blocking success tells. */
export type PlainAnswer = {
  usage: Usage;
  answeredModel: string | null;
  finishReason: string;
  text: string;
};

/** Fields whose presence changes nothing, whatever they hold. Lists: k6's engine makes all of `Set` for the first one. */
const IDLE_TOP = [
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'system_fingerprint',
  'service_tier',
];
const ORDINARY_TIERS: readonly unknown[] = ['default', 'auto', 'standard'];
const IDLE_CHOICE = ['index', 'message', 'finish_reason', 'logprobs'];
const IDLE_MESSAGE = ['role', 'content', 'annotations'];
const IDLE_USAGE = [
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details',
  'completion_tokens_details',
];

/**
 * Reads the one kind of answer that a healthy server gives nearly always: one choice, text, plain usage. Anything
 * else is null and is for the reader of all answers (http-answer.ts), which gives the same result for this one. It is
 * small and quick because every VU holds it and every request passes it.
 */
export function readPlainAnswer(bodyText: string): PlainAnswer | null {
  if (!bodyText.startsWith('{')) return null;
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    return null;
  }
  if (!isRecord(body) || !hasOnly(body, IDLE_TOP)) return null;
  // Any other tier may have a price of its own.
  if (!ORDINARY_TIERS.includes(body['service_tier'] ?? 'default')) return null;
  const choices = body['choices'];
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
  const usage = readPlainUsage(body['usage']);
  if (usage === null || !isRecord(choice) || !hasOnly(choice, IDLE_CHOICE)) return null;
  const { message, finish_reason: finishReason } = choice;
  if (finishReason !== 'stop' && finishReason !== 'length') return null;
  if (!isRecord(message) || !hasOnly(message, IDLE_MESSAGE)) return null;
  const text = message['content'];
  if (typeof text !== 'string' || text === '') return null;
  const model = body['model'];
  return {
    usage,
    answeredModel: typeof model === 'string' && model !== '' ? model : null,
    finishReason,
    text,
  };
}

/** Counts without reasoning and without anything that a relay adds. */
function readPlainUsage(usage: unknown): Usage | null {
  if (!isRecord(usage) || !hasOnly(usage, IDLE_USAGE)) return null;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
  if (!isCount(inputTokens) || !isCount(outputTokens) || outputTokens === 0) return null;
  const input = detail(usage['prompt_tokens_details'], 'cached_tokens');
  const output = detail(usage['completion_tokens_details'], 'reasoning_tokens');
  if (input === null || output !== 0 || input > inputTokens) return null;
  // More in all than in its parts: the reader of all answers knows what to make of it.
  const total = usage['total_tokens'];
  if (isCount(total) && total > inputTokens + outputTokens) return null;
  return {
    inputTokens,
    cachedInputTokens: input,
    cacheWriteInputTokens: 0,
    outputTokens,
    reasoningTokens: 0,
  };
}

/** A count among details; 0 when it is not told, null when it or a neighbour is not plain. */
function detail(details: unknown, name: string): number | null {
  if (details === undefined || details === null) return 0;
  if (!isRecord(details)) return null;
  for (const key in details) if (key !== name && details[key] !== 0 && details[key] !== null) return null;
  const value = details[name] ?? 0;
  return isCount(value) ? value : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** No other field holds anything. */
function hasOnly(record: Record<string, unknown>, idle: readonly string[]): boolean {
  for (const key in record) if (!idle.includes(key) && record[key] !== null) return false;
  return true;
}
