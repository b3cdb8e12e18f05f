import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** Connections of the largest load that one machine's k6 is asked for, both ways through a meter. */
const EXPECTED_FILES = 4096;

/**
 * Makes room for many connections now. Linux doubles a process's table of open files whenever it is full, and holds
 * up whoever opened one too many for 5 to 15 ms: the one thread of a server or a meter, in the middle of a load. The
 * table never gets smaller again.
 */
export function reserveOpenFiles(): void {
  if (process.platform !== 'linux') return;
  const files: number[] = [];
  try {
    while (files.length < EXPECTED_FILES) files.push(openSync(devNull, 'r'));
  } catch {
    // The system allows no more: then no load needs more room either.
  }
  for (const file of files) closeSync(file);
}
