import type { QuestionAnswer } from '../answers/question-answer.ts';
import type { RunData } from '../results/read/run-data.ts';
import { comparePairs, type ProviderDifference } from './compare-pairs.ts';
import { abSentence, tradeOffs } from './ab-sentence.ts';
import { providerFigures, type ProviderFigures } from './provider-figures.ts';
import { type Pair, readPairs } from './read-pairs.ts';

export const AB_QUESTION = 'Which provider is better for us?';

/** What is known of a provider before it is asked. */
export type KnownProvider = { name: string; model: string; target: string };

/** One provider of the answer. */
export type ProviderRow = KnownProvider &
  ProviderFigures & {
    /** Why it was not compared; null: it was. */
    failed: string | null;
  };

export type AbAnswer = QuestionAnswer & {
  providers: readonly ProviderRow[];
  differences: readonly ProviderDifference[];
  /** Of each interval; null without any. */
  confidence: number | null;
  /** Prompts that every provider answered, well or not. */
  pairs: number;
  /** Prompts that not every provider came to answer, and which are in no figure. */
  incompletePairs: number;
  /** What the cheaper or faster one costs in the other, a sentence each. */
  tradeOffs: readonly string[];
  /** Why nothing was compared; null: it was. */
  reason: string | null;
};

/** An answer without a pair. */
export function unanswered(
  known: readonly KnownProvider[],
  { reason, failed, partial }: { reason: string; failed: ReadonlyMap<string, string>; partial: boolean },
): AbAnswer {
  return {
    question: AB_QUESTION,
    sentence: `Nothing was compared: ${reason}.`,
    partial,
    ...NO_COMPARISON,
    providers: known.map((provider) => rowOf(provider, { replies: [], failed })),
    reason,
  };
}

/** What an answer holds before anything is known. */
export const NO_COMPARISON = {
  differences: [],
  confidence: null,
  pairs: 0,
  incompletePairs: 0,
  tradeOffs: [],
} as const;

/** An answer, and what its page draws. */
export type AnsweredAb = { answer: AbAnswer; names: readonly string[]; pairs: readonly Pair[] };

/** Compares the providers of a finished run of `ab`, prompt by prompt. */
export async function answerAb(
  run: RunData,
  known: readonly KnownProvider[],
  { partial }: { partial: boolean },
): Promise<AnsweredAb> {
  const failed = new Map((run.facts?.setup.failedProviders ?? []).map(({ name, reason }) => [name, reason]));
  const names = known.map(({ name }) => name).filter((name) => !failed.has(name));
  const { pairs, incomplete } =
    run.samplesPath === null ? { pairs: [], incomplete: 0 } : await readPairs(run.samplesPath, names);
  if (pairs.length === 0) {
    const reason = run.summary.stopped ?? 'no prompt was answered by every provider';
    const answer = { ...unanswered(known, { reason, failed, partial }), incompletePairs: incomplete };
    return { answer, names, pairs };
  }
  const { differences, confidence } = comparePairs(names, pairs);
  const compared = { names, differences, pairs: pairs.length };
  const answer: AbAnswer = {
    question: AB_QUESTION,
    sentence: abSentence({ ...compared, failed: [...failed.keys()] }),
    partial,
    providers: known.map((provider) => {
      const at = names.indexOf(provider.name);
      return rowOf(provider, { replies: pairs.flatMap(({ replies }) => replies[at] ?? []), failed });
    }),
    differences,
    confidence,
    pairs: pairs.length,
    incompletePairs: incomplete,
    tradeOffs: tradeOffs(compared),
    reason: null,
  };
  return { answer, names, pairs };
}

function rowOf(
  provider: KnownProvider,
  {
    replies,
    failed,
  }: { replies: Parameters<typeof providerFigures>[0]; failed: ReadonlyMap<string, string> },
): ProviderRow {
  return { ...provider, ...providerFigures(replies), failed: failed.get(provider.name) ?? null };
}
