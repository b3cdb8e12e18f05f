// What else used the machine meanwhile: figures of time that were taken beside other work tell about that work.
import { readFileSync } from 'node:fs';
import { readTree } from './tree.mjs';

const TICK_MS = 10;

/** Starts counting; the function returned gives the cores that others kept busy since, null off Linux. */
export function watchOthers() {
  const begin = sample();
  return () => {
    const end = sample();
    if (begin === null || end === null) return null;
    const elapsedMs = end.atMs - begin.atMs;
    return Math.max(0, (end.busyMs - begin.busyMs - (end.ownMs - begin.ownMs)) / elapsedMs);
  };
}

function sample() {
  try {
    const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const busyMs = (user + nice + system + irq + softirq + steal) * TICK_MS;
    return { atMs: performance.now(), busyMs, ownMs: readTree(process.pid).cpuMs };
  } catch {
    return null;
  }
}
