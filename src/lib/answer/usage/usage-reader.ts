import { isRecord } from '../../parse/json.ts';
import { type AnswerWarning, warning } from '../answer-warnings.ts';
import type { AnswerReading, Usage } from '../attempt.ts';
import { type OwnRate, ratesIn } from './own-rates.ts';
import { EMPTY_REPORT, mergeReports, readUsageReport, type UsageReport } from './usage-report.ts';

/** What the answer held, which tells whether the counts can be true. */
export type UsageContext = {
  /** Text, reasoning, a refusal or a tool call came. */
  hasOutput: boolean;
  /** Reasoning came, in whatever form. */
  hasReasoning: boolean;
  /** It came as text that can be read, not as a summary alone, nor as a blob. */
  hasWholeReasoning: boolean;
  /** It came as a blob that nobody can read. */
  hasHiddenReasoning: boolean;
  /** Choices seen; more than one with `n` above 1. */
  choices: number;
  /** Events came one by one. */
  isStream: boolean;
};

/** Token counts as understood, the relay's own price, and what looked wrong. */
export type UsageReading = Pick<AnswerReading, 'usage' | 'pace' | 'rates' | 'reportedCostUsd' | 'warnings'>;

/** Gathers every `usage` of one answer, in order. */
export class UsageReader {
  #report: UsageReport | null = null;
  readonly #rates = new Map<string, OwnRate>();
  /** Output counts of events that hold usage and no choice: llama.cpp sends one for each choice. */
  readonly #alone: number[] = [];
  /** The server is known to count all choices of a whole answer. */
  #countsAllChoices = false;

  /** `alone`: the event that brought it had a list of choices, and it was empty. */
  add(raw: unknown, alone = false): void {
    const report = readUsageReport(raw);
    if (report === null || !isRecord(raw)) return;
    this.#report = this.#report === null ? report : mergeReports(this.#report, report);
    if (alone && report.completionTokens !== null) this.#alone.push(report.completionTokens);
    ratesIn(raw).forEach((rate) => this.#rates.set(rate.name, rate));
    // Only OpenAI's own servers and Azure's write this.
    const details = raw['completion_tokens_details'];
    if (isRecord(details) && details['accepted_prediction_tokens'] !== undefined) this.countAllChoices();
  }

  /** The tier that the answer itself names, or a call in it that is billed. */
  addRate(rate: OwnRate | null): void {
    if (rate !== null) this.#rates.set(rate.name, rate);
  }

  countAllChoices(): void {
    this.#countsAllChoices = true;
  }

  /** What all of it says. */
  settle(context: UsageContext): UsageReading {
    const reading = this.#settleChoices(this.#report ?? EMPTY_REPORT, context);
    return { ...reading, rates: [...this.#rates.values()] };
  }

  #settleChoices(report: UsageReport, context: UsageContext): UsageReading {
    const { choices, isStream } = context;
    if (choices < 2 || (report.completionTokens ?? report.outputTokens) === null) {
      return understand(report, context);
    }
    if (this.#alone.length === choices) {
      // One count for each choice, "6 and 6", where other servers send one for all (engines differ).
      const sum = this.#alone.reduce((total, tokens) => total + tokens, 0);
      const reading = understand({ ...report, completionTokens: sum, totalTokens: null }, context);
      return { ...reading, warnings: [...reading.warnings, warning('choices_added', String(choices))] };
    }
    // A usage event of its own is of the whole request; beside a choice, or in a whole answer, llama.cpp counts one.
    const isOfAll = isStream ? this.#alone.length === 1 : this.#countsAllChoices;
    const reading = understand(report, context);
    return isOfAll ? reading : withoutOutput(reading, warning('choices_untold', String(choices)));
  }
}

function understand(report: UsageReport, context: UsageContext): UsageReading {
  const { output, input, isExplained } = readTotals(report);
  const usage: Usage = {
    ...input,
    outputTokens: output,
    reasoningTokens: readReasoning(report, { outputTokens: output, hasReasoning: context.hasReasoning }),
  };
  const isHidden = hasHiddenTokens(usage, context);
  const reading: UsageReading = {
    usage,
    pace: isHidden ? 'hidden' : context.isStream && context.choices > 1 ? 'interleaved' : 'seen',
    rates: [],
    reportedCostUsd: report.costUsd,
    warnings: isHidden ? [warning('hidden_tokens')] : [],
  };
  if (!isExplained) return withoutOutput(reading, warning('unexplained_total'));
  return context.hasOutput && output === 0 ? withoutCounts(reading) : reading;
}

/** Tokens that are counted and were in no event: reasoning that came as a summary, as a blob, or not at all. */
function hasHiddenTokens({ reasoningTokens }: Usage, context: UsageContext): boolean {
  if (!context.isStream || !context.hasOutput || context.hasWholeReasoning) return false;
  return reasoningTokens === null ? context.hasHiddenReasoning : reasoningTokens > 0;
}

function withoutOutput(reading: UsageReading, why: AnswerWarning): UsageReading {
  const usage = { ...reading.usage, outputTokens: null, reasoningTokens: null };
  return { ...reading, usage, warnings: [...reading.warnings, why] };
}

/** A server that counts nothing and writes text does not count at all. */
function withoutCounts(reading: UsageReading): UsageReading {
  const { usage } = reading;
  const noInput = usage.inputTokens === 0;
  const input = noInput ? UNKNOWN_INPUT : usage;
  return withoutOutput({ ...reading, usage: { ...usage, ...inputOf(input) } }, warning('zero_usage'));
}

const UNKNOWN_INPUT: InputPart = {
  inputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
};

function inputOf({ inputTokens, cachedInputTokens, cacheWriteInputTokens }: InputPart): InputPart {
  return { inputTokens, cachedInputTokens, cacheWriteInputTokens };
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

/**
 * Input and output, as their total has it. A total that holds more than both: reasoning that the output leaves out
 * (xAI), a cache that the input leaves out, or something that nobody names: thinking that is billed and not told.
 */
function readTotals(report: UsageReport): { input: InputPart; output: number | null; isExplained: boolean } {
  const input = readInput(report);
  const output = report.completionTokens ?? report.outputTokens;
  const { totalTokens, reasoningTokens } = report;
  if (output === null || totalTokens === null || input.inputTokens === null) {
    return { input, output, isExplained: true };
  }
  const rest = totalTokens - input.inputTokens - output;
  if (rest <= 0) return { input, output, isExplained: true };
  if (rest === reasoningTokens) return { input, output: output + rest, isExplained: true };
  const { promptTokens, cachedTokens, cacheReadTokens, cacheCreationTokens, cacheWriteTokens } = report;
  const cache = (cachedTokens ?? cacheReadTokens ?? 0) + (cacheCreationTokens ?? cacheWriteTokens ?? 0);
  if (promptTokens !== null && rest === cache) {
    return { input: readInput({ ...report, promptTokens: promptTokens + rest }), output, isExplained: true };
  }
  return { input, output, isExplained: false };
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
