import type { Usage } from '../attempt.ts';
import { EMPTY_REPORT, mergeReports, readUsageReport, type UsageReport } from './usage-report.ts';

/** What the answer held, which tells whether the counts can be true. */
export type UsageContext = {
  /** Text, reasoning, a refusal or a tool call came. */
  hasOutput: boolean;
  /** Reasoning text came. */
  hasReasoning: boolean;
  /** Choices seen; more than one with `n` above 1. */
  choices: number;
};

/** Token counts as understood, the relay's own price, and what looked wrong. */
export type UsageReading = { usage: Usage; reportedCostUsd: number | null; warnings: readonly string[] };

/** Gathers every `usage` of one answer, in order. */
export class UsageReader {
  #report: UsageReport | null = null;
  /** Output counts of events that hold usage and no choice: llama.cpp sends one for each choice. */
  readonly #alone: number[] = [];

  /** `alone`: the event that brought it had a list of choices, and it was empty. */
  add(raw: unknown, alone = false): void {
    const report = readUsageReport(raw);
    if (report === null) return;
    this.#report = mergeReports(this.#report ?? EMPTY_REPORT, report);
    if (alone && report.completionTokens !== null) this.#alone.push(report.completionTokens);
  }

  /** What all of it says. */
  settle(context: UsageContext): UsageReading {
    const report = this.#report ?? EMPTY_REPORT;
    const { choices } = context;
    if (choices < 2 || this.#alone.length !== choices) return understand(report, context);
    // One count for each choice, "6 and 6", where other servers send one for all (engines differ).
    const sum = this.#alone.reduce((total, tokens) => total + tokens, 0);
    const reading = understand({ ...report, completionTokens: sum, totalTokens: null }, context);
    const warning = `output tokens of ${choices} choices, told one by one, were added up`;
    return { ...reading, warnings: [...reading.warnings, warning] };
  }
}

/** Reads the single `usage` object of a blocking answer. */
export function readUsage(raw: unknown, context: UsageContext): UsageReading {
  const reader = new UsageReader();
  reader.add(raw);
  return reader.settle(context);
}

function understand(report: UsageReport, { hasOutput, hasReasoning }: UsageContext): UsageReading {
  const { reportedCostUsd, ...input } = { ...readInput(report), reportedCostUsd: report.costUsd };
  const outputTokens = readOutput(report);
  const usage: Usage = {
    ...input,
    outputTokens,
    reasoningTokens: readReasoning(report, { outputTokens, hasReasoning }),
  };
  if (!hasOutput || outputTokens !== 0) return { usage, reportedCostUsd, warnings: [] };
  // A server that counts nothing and writes text does not count at all.
  const noInput = usage.inputTokens === 0;
  return {
    usage: {
      inputTokens: noInput ? null : usage.inputTokens,
      cachedInputTokens: noInput ? null : usage.cachedInputTokens,
      cacheWriteInputTokens: noInput ? null : usage.cacheWriteInputTokens,
      outputTokens: null,
      reasoningTokens: null,
    },
    reportedCostUsd,
    warnings: ['zero usage with non-empty text: token counts are unknown'],
  };
}

type InputPart = Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'cacheWriteInputTokens'>;

function readInput(report: UsageReport): InputPart {
  const { promptTokens, cacheReadTokens, cacheCreationTokens } = report;
  const told = promptTokens ?? report.inputTokens;
  if (told === null) return { inputTokens: null, cachedInputTokens: null, cacheWriteInputTokens: null };
  // Anthropic counts what the cache holds apart; OpenAI's prompt_tokens and the Responses API include it.
  const apart = promptTokens === null;
  const total = apart ? told + (cacheReadTokens ?? 0) + (cacheCreationTokens ?? 0) : told;
  const cached = Math.min(
    total,
    (apart ? cacheReadTokens : null) ?? report.cachedTokens ?? cacheReadTokens ?? 0,
  );
  const written = Math.min(total - cached, cacheCreationTokens ?? report.cacheWriteTokens ?? 0);
  return { inputTokens: total, cachedInputTokens: cached, cacheWriteInputTokens: written };
}

function readOutput(report: UsageReport): number | null {
  const output = report.completionTokens ?? report.outputTokens;
  const { promptTokens, totalTokens, reasoningTokens } = report;
  if (output === null || promptTokens === null || totalTokens === null || !reasoningTokens) return output;
  // xAI leaves reasoning out of completion_tokens; the total then gives it away.
  return totalTokens === promptTokens + output + reasoningTokens ? output + reasoningTokens : output;
}

/** Not told: none, unless reasoning text was seen; then it is unknown. */
function readReasoning(
  report: UsageReport,
  { outputTokens, hasReasoning }: { outputTokens: number | null; hasReasoning: boolean },
): number | null {
  if (outputTokens === null) return null;
  if (report.reasoningTokens !== null) return Math.min(report.reasoningTokens, outputTokens);
  return hasReasoning ? null : 0;
}
