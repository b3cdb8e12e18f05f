import { asciiJson } from './ascii-json.ts';
import { wordPiece } from './words.ts';

/** What stands around words that are to be JSON, where they are a text in it; `isBlank`: it holds none, and they are blanks. */
export type AroundWords = { opening: string; closing: string; isBlank: boolean };

/** How one answer will go, settled before it begins. Token k (from 0) is due at start + ttft + k × tpot. */
export type AnswerPlan = {
  ttftMs: number;
  tpotMs: number;
  /** All tokens, reasoning included; 0 for an empty answer. */
  outputTokens: number;
  reasoningTokens: number;
  finish: 'stop' | 'length' | 'tool';
  /** Answers side by side, all alike but for their words. */
  choices: number;
  /** What stands around the words of an answer that must be JSON; null: it need not. */
  json: AroundWords | null;
  /** The tool to call in place of text. */
  tool: string | null;
  /** It is called as a function was before there were tools (`function_call`). */
  isOldCall: boolean;
  /** What stands around the words of its arguments. */
  toolInput: AroundWords;
  mark: string | null;
  /** Where in the round of words the answer starts. */
  wordOffset: number;
};

/** The texts of the reasoning's tokens `from` to `to - 1`, joined. */
export function reasoningText({ wordOffset, reasoningTokens }: AnswerPlan, from: number, to: number): string {
  let text = '';
  for (let index = from; index < to; index += 1) text += wordPiece(wordOffset + reasoningTokens, index);
  return text;
}

/**
 * The texts of tokens `from` to `to - 1` of a choice, the reasoning left out, joined and ready to stand in a JSON string.
 * The answer starts with its mark; one that must be JSON has its braces around it, unless its limit cut it off.
 */
export function answerText(plan: AnswerPlan, from: number, to: number, choice = 0): string {
  const { reasoningTokens, outputTokens, json, finish } = plan;
  const begin = Math.max(from, reasoningTokens);
  let words = '';
  for (let index = begin; index < to; index += 1) {
    const inAnswer = index - reasoningTokens;
    const isMark = inAnswer === 0 && plan.mark !== null;
    const word = isMark ? `[mark:${plan.mark}]` : wordPiece(plan.wordOffset + choice, inAnswer);
    words += json?.isBlank === true ? ' ' : word;
  }
  if (json === null) return words;
  const opening = begin === reasoningTokens ? json.opening : '';
  const closing = to >= outputTokens && finish === 'stop' ? json.closing : '';
  return asciiJson(opening + words + closing).slice(1, -1);
}

/** A tool call's arguments as JSON, in as many pieces as the answer has tokens beyond the tool's name. */
export function toolCallText(plan: AnswerPlan, from: number, to: number): string {
  const first = plan.reasoningTokens + 1;
  const { toolInput } = plan;
  if (plan.outputTokens <= first) return '{}';
  const opening = from <= first && to > first ? toolInput.opening : '';
  const closing = to >= plan.outputTokens ? toolInput.closing : '';
  let words = '';
  for (let index = Math.max(from, first); index < to; index += 1) {
    words += toolInput.isBlank ? ' ' : wordPiece(plan.wordOffset, index - first);
  }
  return opening + words + closing;
}
