// A process and all its descendants, read from /proc: CPU time and memory.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU in hundredths of a second. */
const TICK_MS = 10;

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces and brackets. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
}

/**
 * Everything below `root`, itself included. CPU counts what ended children used too, once a parent has waited for
 * them, so nothing that ran gets lost.
 */
export function readTree(root) {
  const stats = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      stats.set(Number(name), statOf(name));
    } catch {
      // It ended meanwhile.
    }
  }
  const pids = [...stats.keys()].filter((pid) => isBelow(pid, root, stats));
  return { pids, cpuMs: pids.reduce((sum, pid) => sum + stats.get(pid).cpuMs, 0) };
}

function isBelow(pid, root, stats) {
  for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}

/** Memory of processes, each shared page divided among its users (PSS), in bytes. */
export function memoryOf(pids) {
  return bytesOf(pids, { file: 'smaps_rollup', pattern: /^Pss:\s+(\d+)/m });
}

/** Those of the processes that were started with a word among their arguments. */
export function withArgument(pids, word) {
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

/** Resident memory of processes, in bytes; quick to read, and shared pages count for each. */
export function residentBytes(pids) {
  return bytesOf(pids, { file: 'status', pattern: /^VmRSS:\s+(\d+)/m });
}

/** The sum of what a file of each process tells in kB. */
function bytesOf(pids, { file, pattern }) {
  let kib = 0;
  for (const pid of pids) {
    try {
      kib += Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return kib * 1024;
}
