import { readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Asks the system to serve this process before others: a server or a meter that is served late puts a wrong time
 * into a result. Most systems grant it to administrators only; for others nothing changes.
 */
export function askForPriority(): void {
  setOwnNiceness(constants.priority.PRIORITY_ABOVE_NORMAL);
  if (leadsSession()) setSessionNiceness(process.pid, constants.priority.PRIORITY_ABOVE_NORMAL);
}

/** Changes our own niceness, which whatever we start from now on inherits. */
export function setOwnNiceness(niceness: number): void {
  try {
    setPriority(niceness);
  } catch {
    // The system lets few raise a priority, and some none lower it. Only accuracy is at stake; the meter reports that.
  }
}

/**
 * Linux shares the processor among sessions first (autogroup): the niceness of a process that has one of its own
 * counts for nothing outside of it, unless the session has it too.
 */
export function setSessionNiceness(pid: number, niceness: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // Not Linux, without autogroups, or not allowed.
  }
}

/** Whether this process leads a session: it was made for it then, and nobody's shell is in it. */
function leadsSession(): boolean {
  try {
    // "pid (name) state ppid group session …", and the name may hold anything.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const session = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
    return session === String(process.pid);
  } catch {
    return false;
  }
}
