import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** So many seconds k6 may take to end, its summary included, before it is killed. */
const GRACE_SEC = 20;

/**
 * Reads a line, or the end of its input: the end comes without a line when whoever holds the other end is gone,
 * whatever ended it. Written for any POSIX shell: a process of Node's would hold 40 MB for the whole run.
 */
const SCRIPT = `
trap '' HUP INT TERM
read -r _ && exit 0
kill -TERM "$1" 2>/dev/null || exit 0
n=0
while kill -0 "$1" 2>/dev/null; do
  [ "$n" -lt ${GRACE_SEC} ] || { kill -KILL "$1"; exit 0; }
  sleep 1
  n=$((n + 1))
done`;

/**
 * Sees to it that a process ends when we do, even by SIGKILL: nothing of ours runs then, and k6 would go on sending,
 * and spending, to its end. A watcher in a session of its own holds a pipe to us. On Windows there is none.
 *
 * @returns lets the process go: call it when it has ended.
 */
export function endWithUs(pid: number): () => void {
  if (process.platform === 'win32') return () => {};
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'k6-llm-watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.once('error', ({ message }) => {
    console.error(
      `k6 will outlive this process should it be killed: no watcher could be started (${message})`,
    );
  });
  watcher.unref();
  const pipe = watcher.stdin as Socket;
  pipe.on('error', () => {});
  pipe.unref();
  return () => void pipe.end('ended\n');
}
