import { type Distribution, sampleInteger } from '../numbers/distribution.ts';
import { type Prompt, promptOf, type PromptPicker } from './prompt.ts';
import { WORDS } from './one-token-words.ts';
import { createRandom, indexOf, type Random, randomFor, type Seed } from '../numbers/random.ts';

/** What the prompt asks for, so that the answer is long; 8 tokens. */
const TASK = ' Write a long story with these words.';
const TASK_TOKENS = 8;
const MIN_TOKENS_WITH_TASK = 3 * TASK_TOKENS;
/** Drawn for each prompt: 12 words are about 87 bits, so no two prompts start alike and no cache helps. */
const UNIQUE_WORDS = 12;
const CYCLE_WORDS = 1024;

export type SyntheticOptions = {
  inputTokens: Distribution;
  /** Turns of a conversation, each with a length of its own; at least 1. */
  turns: number;
  /** Multiplies the lengths, from `lengthCorrection`; 1: none. */
  correctionRatio: number;
  seed: Seed;
};

/** Texts of any wanted length. */
export type SyntheticTexts = {
  /** The user's text of one turn (from 1) of request i; the same for the same seed, request and turn. */
  text(place: { requestIndex: number; turn: number }, tokens: number): string;
  /**
   * A text of blocks, each the same wherever its name comes again, so that texts which begin with the same blocks begin
   * alike, and others do not. The task stands in front: behind, it would break what a longer text shares. Beyond its
   * blocks a text is request i's (and its turn's) own.
   */
  blockText(requestIndex: number, blocks: Blocks, turn?: number): string;
};

/** A prompt as a trace tells it; lengths as they are to be, fractions too. */
export type Blocks = { names: readonly string[]; blockTokens: number; tokens: number };

/**
 * Makes texts of wanted lengths, each different from its first word on. Keep one for each VU: it holds some
 * words ready.
 */
export function createSyntheticTexts(seed: Seed): SyntheticTexts {
  const cycle = cycleFrom(wordsFrom(createRandom(`${seed} cycle`), CYCLE_WORDS));
  return {
    text: ({ requestIndex, turn }, tokens) =>
      textOfLength(Math.max(1, Math.round(tokens)), randomFor(seed, 'words', requestIndex, turn), cycle),
    blockText: (requestIndex, { names, blockTokens, tokens }, turn = 1) => {
      const wanted = Math.max(1, Math.round(tokens));
      const hasTask = blockTokens > TASK_TOKENS;
      // The first block holds the task too.
      let text = hasTask ? `${TASK.trimStart()} ` : '';
      let written = hasTask ? TASK_TOKENS : 0;
      let start = written;
      names.forEach((name, index) => {
        const end = Math.round((index + 1) * blockTokens);
        const left = Math.min(wanted, end) - written;
        if (left > 0) {
          const block = stretch(end - start, randomFor(`${seed} block ${name}`, 'words'), cycle);
          text += left < end - start ? firstWords(block, left) : block;
          written += left;
        }
        start = end;
      });
      if (written < wanted)
        text += stretch(wanted - written, randomFor(seed, 'words', requestIndex, turn), cycle);
      return (written > wanted ? firstWords(text, wanted) : text).trimEnd();
    },
  };
}

/**
 * Prompts of drawn lengths (`LLM_INPUT_TOKENS`). Request i depends on the seed and i alone. The length is that
 * of the user's text: a server's chat template adds to it.
 */
export function createSyntheticPicker(options: SyntheticOptions): PromptPicker {
  const { inputTokens, turns, correctionRatio, seed } = options;
  const texts = createSyntheticTexts(seed);
  const textOf = (requestIndex: number, turn: number): string => {
    const wanted = sampleInteger(inputTokens, randomFor(seed, 'input-tokens', requestIndex, turn), 1);
    return texts.text({ requestIndex, turn }, wanted * correctionRatio);
  };
  return {
    pick(requestIndex): Prompt {
      const followUps = Array.from({ length: turns - 1 }, (_, index) => textOf(requestIndex, index + 2));
      return { ...promptOf(textOf(requestIndex, 1)), followUps };
    },
  };
}

/** The output length that request i asks for (`LLM_OUTPUT_TOKENS`), at least 1. */
export function outputTokensFor(outputTokens: Distribution, seed: Seed, requestIndex: number): number {
  return sampleInteger(outputTokens, randomFor(seed, 'output-tokens', requestIndex), 1);
}

/** A text of so many tokens that is the same for every request of a run (`LLM_SHARED_PREFIX_TOKENS`). */
export function sharedPrefix(tokens: number, seed: Seed): string {
  return wordsFrom(createRandom(`${seed} prefix`), tokens).join(' ');
}

/** Words in a row, each with a blank behind it, to cut stretches from: far quicker in k6 than joining words. */
type Cycle = { text: string; /** Where each word starts, and the end. */ starts: readonly number[] };

function cycleFrom(words: readonly string[]): Cycle {
  let end = 0;
  return { text: `${words.join(' ')} `, starts: [0, ...words.map((word) => (end += word.length + 1))] };
}

/** Unique words first, then a stretch of the cycle from a drawn place on, then the task. */
function textOfLength(tokens: number, random: Random, cycle: Cycle): string {
  const withTask = tokens >= MIN_TOKENS_WITH_TASK;
  const wordCount = withTask ? tokens - TASK_TOKENS : tokens;
  const text = stretch(wordCount, random, cycle);
  return text.slice(0, -1) + (withTask ? TASK : '');
}

/** So many words with a blank behind each: unique ones first, then a stretch of the cycle from a drawn place on. */
function stretch(wordCount: number, random: Random, cycle: Cycle): string {
  const uniqueCount = Math.min(UNIQUE_WORDS, wordCount);
  let text = `${wordsFrom(random, uniqueCount).join(' ')} `;
  let from = indexOf(random.next(), CYCLE_WORDS);
  for (let left = wordCount - uniqueCount; left > 0;) {
    const to = Math.min(CYCLE_WORDS, from + left);
    text += cycle.text.slice(cycle.starts[from], cycle.starts[to]);
    left -= to - from;
    from = 0;
  }
  return text;
}

/** The first words of a text that has a blank behind each. */
function firstWords(text: string, count: number): string {
  let end = 0;
  for (let left = count; left > 0; left--) {
    const blank = text.indexOf(' ', end);
    if (blank === -1) return text;
    end = blank + 1;
  }
  return text.slice(0, end);
}

function wordsFrom(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => WORDS[indexOf(random.next(), WORDS.length)] ?? 'time');
}
