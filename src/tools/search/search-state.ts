import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { isRecord, parseJsonRecord } from '../../lib/parse/json.ts';
import { writeWhole } from '../results/folder/write-whole.ts';
import type { SearchRange } from './next-step.ts';
import type { StepRecord } from './step-record.ts';

export const STATE_FILE = 'search.json';

/** What was asked: one search has one. */
export type SearchAsk = SearchRange & {
  scenario: string;
  slo: string;
  holdMs: number;
  stream: boolean;
  budgetUsd: number | null;
};

/** A search as far as it has come, in its folder. */
export type SearchState = {
  version: 1;
  ask: SearchAsk;
  /** Every setting, no key: what was measured under others is no part of this search. */
  settings: Readonly<Record<string, string>>;
  /** Spent by steps that left no record, too. */
  spentUsd: number;
  steps: readonly StepRecord[];
};

export async function writeState(folder: string, state: SearchState): Promise<void> {
  await writeWhole([
    { file: path.join(folder, STATE_FILE), render: () => `${JSON.stringify(state, null, 1)}\n` },
  ]);
}

/** @throws ConfigError when there is none, or it is none of this version's. */
export async function readState(folder: string): Promise<SearchState> {
  const file = path.join(folder, STATE_FILE);
  const text = await readFile(file, 'utf8').catch(() => null);
  const parsed = text === null ? null : parseJsonRecord(text);
  if (parsed === null || !isState(parsed)) {
    throw new ConfigError({
      setting: '--resume',
      got: file,
      expected:
        text === null
          ? 'the folder of a search, and there is no such file'
          : 'what a search of this version wrote',
      example: 'LLM_RESULTS_DIR=results/my-search k6-llm search --resume',
    });
  }
  return parsed;
}

function isStep(step: unknown): boolean {
  return (
    isRecord(step) &&
    typeof step['load'] === 'number' &&
    Array.isArray(step['terms']) &&
    isRecord(step['measured'])
  );
}

/** A file of our own: enough to tell it from another version's, or from half of one. */
function isState(value: Readonly<Record<string, unknown>>): value is SearchState {
  const { version, ask, settings, spentUsd, steps } = value;
  return (
    version === 1 &&
    isRecord(ask) &&
    typeof ask['scenario'] === 'string' &&
    typeof ask['slo'] === 'string' &&
    isRecord(settings) &&
    typeof spentUsd === 'number' &&
    Array.isArray(steps) &&
    steps.every(isStep)
  );
}
