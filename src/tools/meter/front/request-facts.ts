import type { RatesAsked } from '../../../lib/money/worst-case.ts';
import type { Kind } from '../../../lib/kinds/kind.ts';
import { parseJsonRecord } from '../../../lib/parse/json.ts';

/** What the meter needs to know of a request body. */
export type RequestFacts = {
  /** The model's name as asked for; empty when there is none. */
  model: string;
  /** A streamed answer is asked for. */
  stream: boolean;
  /** Most output tokens that the answer may hold, all choices together; null: the body sets no limit. */
  maxOutputTokens: number | null;
  /**
   * Most input tokens that the body can stand for. Byte-level tokenizers make at most one token of a byte, and
   * what a chat template adds to a message is less than its JSON punctuation. It leaves out what the body only
   * names: pictures and files by address.
   */
  maxInputTokens: number;
  /** What it asks for that has a price of its own. */
  asked: RatesAsked;
  /** Items that the answer must hold; null: it is text, or that is not known. */
  items: number | null;
};

const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'];
/** Answers to one request; the best of several is written several times. */
const CHOICE_FIELDS = ['n', 'best_of'];

/** Reads a body. One that is no JSON object has neither model nor limit: the server will refuse it. */
export function readRequestFacts(body: Buffer, kind: Kind): RequestFacts {
  const fields = parseJsonRecord(body.toString('utf8')) ?? {};
  const limits = countsIn(fields, LIMIT_FIELDS);
  const choices = countsIn(fields, CHOICE_FIELDS);
  // Servers disagree on which of two limits wins, and take 0 for 1 (engines, recorded): the larger is safe.
  const isBounded = limits !== null && limits.length > 0 && choices !== null;
  const model = fields['model'];
  const most = isBounded ? Math.max(1, ...limits) * Math.max(1, ...choices) : null;
  return {
    model: typeof model === 'string' ? model : '',
    stream: fields['stream'] === true,
    maxOutputTokens: kind.paysFor === 'input' ? 0 : most,
    items: kind.countItems?.(fields) ?? null,
    maxInputTokens: body.length,
    // Anthropic's cache that lasts an hour: `{"type": "ephemeral", "ttl": "1h"}`.
    asked: { hourCache: body.includes('"1h"'), serviceTier: fields['service_tier'] !== undefined },
  };
}

/** The counts under these names; null when one is there and cannot be read: who knows what the server makes of it. */
function countsIn(fields: Readonly<Record<string, unknown>>, names: readonly string[]): number[] | null {
  const given = names.map((name) => fields[name]).filter((value) => value !== undefined && value !== null);
  const counts = given.map(countOf);
  return counts.includes(null) ? null : counts.filter((count) => count !== null);
}

/** Servers take `"1000"`, `"1_000"` and `true` for numbers, as Python does. */
function countOf(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim().replaceAll('_', '') : null;
  const number = text === '' ? Number.NaN : Number(text ?? (typeof value === 'object' ? Number.NaN : value));
  return Number.isFinite(number) && number >= 0 ? number : null;
}
