import { sampleDistribution, sampleInteger } from '../../../lib/numbers/distribution.ts';
import type { Random } from '../../../lib/numbers/random.ts';
import type { ChatRequest } from './chat-request.ts';
import type { FaultSet } from '../faults/faults.ts';
import type { ModelTiming } from './models.ts';
import { WORD_COUNT, wordPiece } from './words.ts';

/** How one answer will go, settled before it begins. Token k (from 0) is due at start + ttft + k × tpot. */
export type AnswerPlan = {
  ttftMs: number;
  tpotMs: number;
  /** All tokens, reasoning included; 0 for an empty answer. */
  outputTokens: number;
  reasoningTokens: number;
  finish: 'stop' | 'length' | 'tool';
  /** The tool to call in place of text. */
  tool: string | null;
  mark: string | null;
  /** Where in the round of words the answer starts. */
  wordOffset: number;
};

/** No answer is longer, so that no request can take the memory. */
export const MAX_OUTPUT_TOKENS = 131_072;

const DEFAULT_TOOL = 'look_up';
const DEFAULT_REASONING_PERCENT = 50;

/**
 * Draws the plan of one answer. The length is the model's, raised to `min_tokens`, or all that is allowed with
 * `ignore_eos`; and never above the limit asked for.
 */
export function planAnswer(input: {
  timing: ModelTiming;
  request: ChatRequest;
  faults: FaultSet;
  random: Random;
}): AnswerPlan {
  const { timing, request, faults, random } = input;
  const ttftMs = sampleDistribution(timing.ttftMs, random);
  const tpotMs = sampleDistribution(timing.tpotMs, random);
  const wanted = Math.max(sampleInteger(timing.outputTokens, random, 1), request.minTokens);
  const wordOffset = Math.floor(random.next() * WORD_COUNT);
  const limit = Math.min(request.maxTokens ?? MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS);
  const endless = request.ignoreEos && request.maxTokens !== null;
  const outputTokens = faults.has('empty') ? 0 : endless ? limit : Math.min(wanted, limit);
  const tool = request.forcedTool ?? (faults.has('tool_calls') ? DEFAULT_TOOL : null);
  const cutByLimit = endless || wanted > limit;
  return {
    ttftMs,
    tpotMs,
    outputTokens,
    reasoningTokens: reasoningTokensOf(outputTokens, request, faults),
    finish: tool !== null ? 'tool' : cutByLimit && outputTokens > 0 ? 'length' : 'stop',
    tool,
    mark: request.mark,
    wordOffset,
  };
}

/** At least one token is left for the answer. */
function reasoningTokensOf(outputTokens: number, request: ChatRequest, faults: FaultSet): number {
  const asked = faults.get('reasoning_first') ?? (request.wantsReasoning ? DEFAULT_REASONING_PERCENT : 0);
  return Math.max(0, Math.min(Math.round((outputTokens * asked) / 100), outputTokens - 1));
}

/** Text of token `index` of the reasoning or, counted anew, of the answer; the answer starts with its mark. */
export function tokenText(plan: AnswerPlan, index: number): string {
  if (index < plan.reasoningTokens) return wordPiece(plan.wordOffset + plan.reasoningTokens, index);
  const inAnswer = index - plan.reasoningTokens;
  if (inAnswer === 0 && plan.mark !== null) return `[mark:${plan.mark}]`;
  return wordPiece(plan.wordOffset, inAnswer);
}

/** The texts of tokens `from` to `to - 1`, joined. */
export function tokensText(plan: AnswerPlan, from: number, to: number): string {
  let text = '';
  for (let index = from; index < to; index += 1) text += tokenText(plan, index);
  return text;
}

/** A tool call's arguments as JSON, in as many pieces as the answer has tokens beyond the tool's name. */
export function argumentsText(plan: AnswerPlan, from: number, to: number): string {
  const first = plan.reasoningTokens + 1;
  if (plan.outputTokens <= first) return '{}';
  const opening = from <= first && to > first ? '{"text":"' : '';
  const closing = to >= plan.outputTokens ? '"}' : '';
  let words = '';
  for (let index = Math.max(from, first); index < to; index += 1) {
    words += wordPiece(plan.wordOffset, index - first);
  }
  return opening + words + closing;
}
