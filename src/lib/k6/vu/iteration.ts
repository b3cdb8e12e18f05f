import { openChat } from './chat.ts';
import { openSession } from './open-session.ts';
import { tellDelivery } from './delivery.ts';
import { arrivals } from '../parts.ts';
import { chooseModel, isMeasured, partKindOf, scheduleOf, tagPlace, type Vu } from './vu.ts';

/**
 * Begins an iteration: it waits for its turn, where the load has a schedule.
 *
 * @param asksRun the run's own conversation comes first: it is made ready before the wait, since what comes behind
 *   the wait comes late.
 */
export function beginIteration(vu: Vu, asksRun: boolean): void {
  const iteration = vu.iterationInTest();
  const schedule = scheduleOf(vu);
  const due = schedule === null ? null : schedule.requestAt(iteration);
  vu.iteration = iteration;
  vu.due = due;
  vu.prompted = 0;
  vu.sent = 0;
  chooseModel(vu, partKindOf(vu));
  vu.session = null;
  if (asksRun && vu.sessions !== null) vu.session = openSession(vu, vu.sessions);
  else if (asksRun) vu.opened = openChat(vu);
  // How late it starts, unless k6 itself spaces the requests.
  vu.lagMs = schedule === null || due === null ? null : arrivals().waitForTime(due.atMs, schedule, vu.clock);
  if (vu.hasOpenPart) tellDelivery(vu);
  if (asksRun) return;
  // What comes first may be a step, or a request that is no business of ours.
  isMeasured(vu);
  tagPlace(vu);
}
