import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { parseJsonRecord } from '../../../lib/parse/json.ts';
import { systemCode } from './system-reason.ts';

/** The file that says which process writes to a folder. */
export const LOCK_FILE = '.k6-llm.lock';

/** Who holds a folder. */
export type Holder = {
  pid: number;
  host: string;
  /** When the process began, in the system's own ticks: another process may get its number. null where unknown. */
  born: string | null;
  /** ISO 8601. */
  since: string;
};

/**
 * Takes a folder for this process, until `release`. A lock whose process is gone is taken over.
 *
 * @returns who holds it, when that may still be alive.
 */
export function lockFolder(folder: string): { release: () => void } | { holder: Holder | null } {
  const file = path.join(folder, LOCK_FILE);
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    born: bornOf(process.pid),
    since: new Date().toISOString(),
  };
  if (!createdAlone(file, mine)) {
    const holder = readHolder(file);
    if (holder === null || isAlive(holder) || !takenOver(file, holder, mine)) return { holder };
  }
  const release = (): void => {
    process.off('exit', release);
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

/** One of several that find the same dead lock: whoever makes the second file alone. */
function takenOver(file: string, dead: Holder, mine: Holder): boolean {
  const claim = `${file}.claim`;
  if (!createdAlone(claim, mine)) return false;
  // Another one may have been quicker between our look and our claim.
  const isStillDead = JSON.stringify(readHolder(file)) === JSON.stringify(dead);
  if (isStillDead) renameSync(claim, file);
  else rmSync(claim, { force: true });
  return isStillDead;
}

function createdAlone(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    rmSync(file, { force: true });
    throw error;
  }
}

/** null: no file, or one that was cut off. */
function readHolder(file: string): Holder | null {
  try {
    const value = parseJsonRecord(readFileSync(file, 'utf8'));
    if (value === null) return null;
    const { pid, host, born, since } = value;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return null;
    return { pid, host, born: typeof born === 'string' ? born : null, since };
  } catch {
    return null;
  }
}

/** Of another machine nobody can tell, so it counts as alive. */
function isAlive({ pid, host, born }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  return born === null || bornOf(pid) === born;
}

/** Linux only. */
function bornOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold blanks and brackets; the 22nd is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
