import type { PlayedTurn, SessionPlay } from '../../prompts/session/session-play.ts';
import type { Composed } from './composer.ts';

/** A session of the run on its way. */
export type OpenSession = {
  play: SessionPlay;
  /** What comes next, ready to be sent; null: it is over. */
  next: { turn: PlayedTurn; composed: Composed } | null;
  /** Its first request, on the VU's clock; null: it was not sent yet. */
  beganAtMs: number | null;
};
