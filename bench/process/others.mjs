// How much of the machine others used while something was measured: a figure taken beside them says less.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { readTree } from './tree.mjs';

const TICK_MS = 10;

/** Busy time of all cores, ms since boot. */
function busyMs() {
  const [user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) * TICK_MS;
}

/** Starts watching; the function that it returns tells which share of all cores others used since, 0 to 1. */
export function watchOthers() {
  const begin = { busyMs: busyMs(), ownMs: readTree(process.pid).cpuMs, atMs: Date.now() };
  return () => {
    const ownMs = readTree(process.pid).cpuMs - begin.ownMs;
    const others = busyMs() - begin.busyMs - ownMs;
    return Math.max(0, others / (Date.now() - begin.atMs) / cpus().length);
  };
}
