import { isRecord } from '../../parse/json.ts';

/**
 * One `usage` object as servers write it, every count under our own name. Streams repeat it with running totals
 * or in parts, so reports are merged before they are understood (usage-reader.ts).
 */
export type UsageReport = {
  /** OpenAI: all input tokens, cached ones included. */
  promptTokens: number | null;
  completionTokens: number | null;
  totalTokens: number | null;
  /** Anthropic: input tokens that are neither read from the cache nor written to it. Responses API: all of them. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** OpenAI's details, DeepSeek's `prompt_cache_hit_tokens`, Moonshot's `cached_tokens`: a part of the input. */
  cachedTokens: number | null;
  /** Anthropic: beside `inputTokens`, not in it. */
  cacheReadTokens: number | null;
  cacheCreationTokens: number | null;
  /** Of OpenAI-like relays that tell it: a part of the input. */
  cacheWriteTokens: number | null;
  reasoningTokens: number | null;
  /** `usage.cost`, US dollars (OpenRouter, LiteLLM's streams). */
  costUsd: number | null;
};

export const EMPTY_REPORT: UsageReport = {
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  cacheReadTokens: null,
  cacheCreationTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costUsd: null,
};

/** Reads a `usage` object of any wire; null when it is none. Fields it lacks, or that are no counts, are null. */
export function readUsageReport(raw: unknown): UsageReport | null {
  if (!isRecord(raw)) return null;
  const input = firstRecord(raw['prompt_tokens_details'], raw['input_tokens_details']);
  const output = firstRecord(raw['completion_tokens_details'], raw['output_tokens_details']);
  return {
    promptTokens: count(raw['prompt_tokens']),
    completionTokens: count(raw['completion_tokens']),
    totalTokens: count(raw['total_tokens']),
    inputTokens: count(raw['input_tokens']),
    outputTokens: count(raw['output_tokens']),
    cachedTokens:
      count(input['cached_tokens']) ?? count(raw['prompt_cache_hit_tokens']) ?? count(raw['cached_tokens']),
    cacheReadTokens: count(raw['cache_read_input_tokens']),
    cacheCreationTokens: count(raw['cache_creation_input_tokens']),
    cacheWriteTokens: count(input['cache_write_tokens']) ?? count(input['cache_creation_tokens']),
    reasoningTokens: count(output['reasoning_tokens']) ?? count(raw['reasoning_tokens']),
    costUsd: dollars(raw['cost']),
  };
}

/**
 * Field by field, the later value that is not null: what servers repeat are totals so far, never parts to add. A later
 * zero takes no count back: relays append an empty usage of their own.
 */
export function mergeReports(earlier: UsageReport, later: UsageReport): UsageReport {
  return {
    promptTokens: keep(earlier.promptTokens, later.promptTokens),
    completionTokens: keep(earlier.completionTokens, later.completionTokens),
    totalTokens: keep(earlier.totalTokens, later.totalTokens),
    inputTokens: keep(earlier.inputTokens, later.inputTokens),
    outputTokens: keep(earlier.outputTokens, later.outputTokens),
    cachedTokens: keep(earlier.cachedTokens, later.cachedTokens),
    cacheReadTokens: keep(earlier.cacheReadTokens, later.cacheReadTokens),
    cacheCreationTokens: keep(earlier.cacheCreationTokens, later.cacheCreationTokens),
    cacheWriteTokens: keep(earlier.cacheWriteTokens, later.cacheWriteTokens),
    reasoningTokens: keep(earlier.reasoningTokens, later.reasoningTokens),
    costUsd: keep(earlier.costUsd, later.costUsd),
  };
}

/** A whole number from 0, or its plain digits; anything else is unknown. */
function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function dollars(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?(e-?\d+)?$/i.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

function firstRecord(...values: readonly unknown[]): Record<string, unknown> {
  return values.find(isRecord) ?? {};
}

function keep(earlier: number | null, later: number | null): number | null {
  return later === null || (later === 0 && earlier !== null) ? earlier : later;
}
