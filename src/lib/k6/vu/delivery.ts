import { GRACE_MS } from '../../load/due.ts';
import { addSample, addTagged } from '../engine/add-sample.ts';
import { arrivals } from '../parts.ts';
import { elapsedMs, scheduleOf, type Vu } from './vu.ts';

/** Between two words of one VU, ms. */
const TOLD_EVERY_MS = 1000;

/**
 * Tells how much of an open load has been started by now, at most once a second: k6 itself counts no iteration that it
 * never got round to. The number of the iteration that begins is how many have begun, in all instances together.
 */
export function tellDelivery(vu: Vu): void {
  const nowMs = elapsedMs(vu);
  if (nowMs - vu.deliveryToldAtMs < TOLD_EVERY_MS) return;
  vu.deliveryToldAtMs = nowMs;
  const name = vu.partName();
  const part = vu.run.parts.find((one) => one.name === name);
  if (part === undefined) return tellOtherLoad(vu);
  const { open } = part;
  if (open === null) return;
  const sinceMs = nowMs - open.zeroMs - GRACE_MS;
  const { deliveredRatio, dueBy, scheduledBefore } = arrivals();
  const schedule = scheduleOf(vu);
  const due = schedule === null ? dueBy(open.stages, sinceMs) : scheduledBefore(schedule, sinceMs);
  addSample('ai_delivered_ratio', deliveredRatio(vu.iteration + 1, due));
}

/** k6 was told a load of its own (`--vus`, `--iterations`): of ours nothing is due, so nothing is missing. */
function tellOtherLoad({ run }: Vu): void {
  for (const { name, open } of run.parts) {
    if (open !== null) addTagged('ai_delivered_ratio', 1, { test_type: name });
  }
}
