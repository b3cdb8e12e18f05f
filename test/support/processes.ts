import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

/**
 * Command lines of the processes that work in a folder, whosever children they are: those of a program that has ended
 * belong to nobody that a test knows. Linux only, empty elsewhere.
 */
export async function processesIn(folder: string): Promise<string[]> {
  const where = await realpath(folder);
  const working = (await allRunning()).map(async ({ pid, command }) => {
    const at = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    return at === where ? [command] : [];
  });
  return (await Promise.all(working)).flat();
}

/** A process's children that still run; Linux only, empty elsewhere. */
export async function childrenOf(pid: number): Promise<{ pid: number; command: string }[]> {
  return (await allRunning()).filter(({ parent }) => parent === pid);
}

/** Processes below another one, at any depth, whose command lines hold a text; Linux only. */
export async function descendants(pid: number, text: string): Promise<number[]> {
  const running = await allRunning();
  const below = (parent: number): Running[] =>
    running.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid).flatMap((one) => (one.command.includes(text) ? [one.pid] : []));
}

type Running = { pid: number; parent: number; command: string };

async function allRunning(): Promise<Running[]> {
  const ids = await readdir('/proc').catch((): string[] => []);
  const found = await Promise.all(ids.filter((id) => /^\d+$/.test(id)).map(readRunning));
  return found.flatMap((one) => one ?? []);
}

async function readRunning(id: string): Promise<Running | null> {
  try {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return null;
    const command = (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return { pid: Number(id), parent: Number(parent), command };
  } catch {
    return null;
  }
}

/** Whether a process runs. One that has ended and was not waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}
