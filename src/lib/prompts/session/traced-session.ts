import type { JsonRecord } from '../../parse/json.ts';
import type { DueRequest, TracedTurn } from '../../plan/planned-parts.ts';
import type { SyntheticTexts } from '../synthetic-texts.ts';
import type { Session, SessionTurn } from './session.ts';

/** A turn of a trace, its prompt's words ready. A full stop is a token too, so `words` may be fewer than `tokens`. */
type Worded = { turn: TracedTurn; words: readonly string[]; tokens: number };

/**
 * Makes sessions of a trace's conversations: of each prompt that begins as the one before it, the words behind that are
 * the answer's and then the user's own.
 *
 * @param correctionRatio multiplies all lengths.
 */
export function createTracedSessions(
  texts: SyntheticTexts,
  correctionRatio: number,
): (iteration: number, due: DueRequest) => Session {
  return (iteration, due) => {
    const all: readonly TracedTurn[] = [{ ...due, parent: null }, ...due.later];
    const worded = all.map((turn, at) => wordedOf(iteration, at, turn));
    return { id: '', startMs: null, turns: worded.map((one) => turnOf(one, worded, due.atMs)) };
  };

  function wordedOf(iteration: number, at: number, turn: TracedTurn): Worded {
    const { inputTokens, blocks, blockTokens } = turn;
    const tokens = Math.max(1, (inputTokens ?? 1) * correctionRatio);
    const text =
      blocks === null || blockTokens === null
        ? texts.text({ requestIndex: iteration, turn: at + 1 }, tokens)
        : texts.blockText(
            iteration,
            { names: blocks, blockTokens: blockTokens * correctionRatio, tokens },
            at + 1,
          );
    return { turn, words: text.split(' '), tokens: Math.round(tokens) };
  }

  /** The words behind so many tokens, up to so many. Whatever is no word stands in front. */
  function wordsBetween({ words, tokens }: Worded, from: number, to = tokens): string {
    const missing = Math.max(0, tokens - words.length);
    return words.slice(Math.max(0, from - missing), Math.max(0, to - missing)).join(' ');
  }

  function turnOf(worded: Worded, all: readonly Worded[], startMs: number): SessionTurn {
    const { turn } = worded;
    const parent = turn.parent === null ? null : (all[turn.parent] ?? null);
    const before = parent === null ? 0 : behindAnswer(parent.turn, turn);
    const child = all.find(
      (one) => all[one.turn.parent ?? -1]?.turn === turn && behindAnswer(turn, one.turn) > 0,
    );
    return {
      parent: turn.parent,
      keep: parent === null || before > 0 ? null : 0,
      delayMs: 0,
      dueMs: turn.atMs - startMs,
      messages: [{ role: 'user', content: wordsBetween(worded, before) }],
      answer: child === undefined ? NO_ANSWER : answerOf(turn, child),
      fields: {},
      maxTokens: turn.outputTokens,
      outputTokens: turn.outputTokens,
    };
  }

  /** Words of a turn's prompt that are its parent's prompt and answer; 0: it does not go on from it. */
  function behindAnswer(parent: TracedTurn, turn: TracedTurn): number {
    const [before, now] = [parent.inputTokens ?? 0, turn.inputTokens ?? 0];
    if (now - before < 2 || !beginsAlike(parent, turn)) return 0;
    // At least a word of the answer's, and one of the user's own.
    const answer = Math.min(Math.max(1, parent.outputTokens ?? 1), now - before - 1);
    return Math.round((before + answer) * correctionRatio);
  }

  function answerOf(turn: TracedTurn, child: Worded): JsonRecord {
    const from = Math.round((turn.inputTokens ?? 0) * correctionRatio);
    return { role: 'assistant', content: wordsBetween(child, from, behindAnswer(turn, child.turn)) };
  }
}

const NO_ANSWER: JsonRecord = { role: 'assistant', content: 'OK.' };

/** All whole blocks of the earlier prompt are the later one's first; without blocks, nobody says otherwise. */
function beginsAlike(earlier: TracedTurn, later: TracedTurn): boolean {
  const { blocks, blockTokens, inputTokens } = earlier;
  if (blocks === null || blockTokens === null || later.blocks === null) return true;
  const whole = Math.min(blocks.length, Math.floor((inputTokens ?? 0) / blockTokens));
  return blocks.slice(0, whole).every((block, at) => later.blocks?.[at] === block);
}
