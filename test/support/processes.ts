import { readdir, readFile } from 'node:fs/promises';

/** Command lines of this process's children that still run; Linux only, empty elsewhere. */
export async function childCommands(): Promise<string[]> {
  const ids = await readdir('/proc').catch((): string[] => []);
  const found = await Promise.all(ids.filter((id) => /^\d+$/.test(id)).map(commandOfChild));
  return found.flatMap((command) => command ?? []);
}

async function commandOfChild(id: string): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(parent) !== process.pid || state === 'Z') return null;
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ');
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
