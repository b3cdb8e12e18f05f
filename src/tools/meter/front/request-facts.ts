import { isRecord } from '../../../lib/parse/is-record.ts';

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
};

const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'];

/** Reads a body. One that is no JSON object has neither model nor limit: the server will refuse it. */
export function readRequestFacts(body: Buffer): RequestFacts {
  const fields = parseObject(body);
  const limits = LIMIT_FIELDS.map((name) => fields[name]).filter(isCount);
  const choices = isCount(fields['n']) ? Math.max(1, fields['n']) : 1;
  // Servers disagree on which of two limits wins, and take 0 for 1 (engines, recorded): the larger is safe.
  const limit = limits.length === 0 ? null : Math.max(1, ...limits) * choices;
  const model = fields['model'];
  return {
    model: typeof model === 'string' ? model : '',
    stream: fields['stream'] === true,
    maxOutputTokens: limit,
    maxInputTokens: body.length,
  };
}

function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
