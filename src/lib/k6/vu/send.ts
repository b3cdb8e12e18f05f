import type { Composed } from './composer.ts';
import type { Recorded } from './recorder.ts';
import { turnLabel } from '../../prompts/session/turn-label.ts';
import { request, type SessionPlace } from './request.ts';
import { isMeasured, tagPlace, type Vu } from './vu.ts';

/**
 * Sends one request of an iteration.
 *
 * @param turn its number in a conversation, for the tag `turn`; null outside of one.
 * @param session where in a session it stands; null outside of one.
 */
export function send(
  vu: Vu,
  composed: Composed,
  turn: number | null,
  session: SessionPlace | null = null,
): Recorded {
  const measured = isMeasured(vu);
  tagPlace(vu);
  const { tags, tagged, lagMs } = vu;
  if (composed.stream !== tagged.stream) {
    tags['stream'] = String(composed.stream);
    tagged.stream = composed.stream;
  }
  if (turn !== tagged.turn) {
    if (turn === null) delete tags['turn'];
    else tags['turn'] = turnLabel(turn);
    tagged.turn = turn;
  }
  // A schedule is kept, or not, by the first request of an iteration.
  vu.lagMs = null;
  const name = tagged.step;
  if (name !== null) delete tags['name'];
  const client = measured ? vu.client : vu.warmupClient;
  const asked = vu.leaver === null ? composed : withLeave(vu, composed);
  const recorded = request(vu, client, asked, { measured, lagMs, session });
  if (name !== null) tags['name'] = name;
  return recorded;
}

/** Far from the numbers of other iterations: each request of an iteration is chosen for itself. */
const NEXT_REQUEST = 7_000_003;

/** The request, with when its user leaves, if he is one of those who do (`LLM_ABORT`). */
function withLeave(vu: Vu, composed: Composed): Composed {
  const { leaver } = vu;
  if (leaver === null || !composed.stream) return composed;
  const place = vu.iteration + vu.sent++ * NEXT_REQUEST;
  return leaver.picker.pick(place) === 0 ? { ...composed, leaveAfter: leaver.after } : composed;
}
