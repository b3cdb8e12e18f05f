import type { Message } from '../payload.ts';
import { type Prompt, promptOf } from '../prompts.ts';
import { isRecord } from './messages.ts';
import { describeSkips, type SkipLog } from './skips.ts';

/**
 * Prompts as they lie in a SharedArray: one string each, so that loading a file never holds a JavaScript object
 * for every row at once (docs/workloads.md has the measurements).
 */

const PLAIN = 't';
const STRUCTURED = 'j';

/** A prompt as one string: a plain one is its text behind a mark, another one JSON. */
export function encodePrompt(prompt: Prompt): string {
  const [first, ...more] = prompt.messages;
  const isPlain =
    first !== undefined &&
    more.length === 0 &&
    prompt.system === null &&
    prompt.followUps.length === 0 &&
    prompt.maxTokens === null;
  return isPlain ? PLAIN + first.content : STRUCTURED + JSON.stringify(prompt);
}

/** @throws Error when the text was not made by `encodePrompt`. */
export function decodePrompt(stored: string): Prompt {
  if (stored.startsWith(PLAIN)) return promptOf(stored.slice(1));
  const parsed: unknown = stored.startsWith(STRUCTURED) ? JSON.parse(stored.slice(1)) : null;
  if (!isRecord(parsed)) throw new Error('a stored prompt cannot be read');
  const { system, messages, followUps, maxTokens } = parsed;
  return {
    system: typeof system === 'string' ? system : null,
    messages: Array.isArray(messages) ? messages.filter(isMessage) : [],
    followUps: Array.isArray(followUps) ? followUps.filter((text) => typeof text === 'string') : [],
    maxTokens: typeof maxTokens === 'number' ? maxTokens : null,
  };
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value['role'] === 'string' && typeof value['content'] === 'string';
}

/** What a SharedArray looks like. */
export type StoredRows = { readonly length: number; readonly [index: number]: string };

/** A data set as it lies in a SharedArray: one line about it for people, then the prompts. */
export type StoredDataset = {
  /** How many prompts there are, at least 1. */
  count: number;
  /** `195741 prompts from jsonl; 3 rows left out (line 2: not JSON; …)`. */
  note: string;
  /** The prompt at a place from 0 to `count - 1`. */
  promptAt(index: number): Prompt;
};

/** The strings to put into a SharedArray, for `openStored`; takes what `parseDataset` returns. */
export function packDataset(dataset: {
  rows: string[];
  format: string;
  skipped: SkipLog;
  rowUnit: 'line' | 'element';
}): string[] {
  const { rows, format, skipped, rowUnit } = dataset;
  const left = describeSkips(skipped, rowUnit);
  const note = `${rows.length} ${rows.length === 1 ? 'prompt' : 'prompts'} from ${format}`;
  return [left === '' ? note : `${note}; ${left}`, ...rows];
}

/** Reads what `packDataset` has packed, one prompt at a time. */
export function openStored(stored: StoredRows): StoredDataset {
  return {
    count: stored.length - 1,
    note: stored[0] ?? '',
    promptAt: (index) => decodePrompt(stored[index + 1] ?? ''),
  };
}
