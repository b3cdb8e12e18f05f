// A program whose words matter only when it fails.
import { execFile } from 'node:child_process';

const KEPT_CHARACTERS = 2000;

/** @returns {Promise<string>} its stdout. Throws with the end of what it said when it fails. */
export function runQuietly(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1e9, ...options }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = `${stdout}\n${stderr}`.trim().slice(-KEPT_CHARACTERS);
      reject(new Error(`${[program, ...args].join(' ')} failed (${error.code ?? error.message}):\n${said}`));
    });
  });
}
