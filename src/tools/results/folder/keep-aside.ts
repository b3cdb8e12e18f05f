import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './system-reason.ts';

/**
 * Moves what an earlier run left in a folder into one beside it: `soak` becomes `soak.1`, the next one `soak.2`.
 * What is not a run's own stays.
 *
 * @param isOwn tells a run's own files by their names.
 * @returns the folder that holds them now; null when there were none.
 */
export async function keepAside(folder: string, isOwn: (name: string) => boolean): Promise<string | null> {
  const names = (await readdir(folder)).filter(isOwn);
  if (names.length === 0) return null;
  const aside = await makeAside(folder);
  for (const name of names) await move(path.join(folder, name), path.join(aside, name));
  return aside;
}

async function makeAside(folder: string): Promise<string> {
  const whole = path.resolve(folder);
  // Beside the working folder, or one above it, nobody would look.
  const holdsUs = !path.relative(whole, process.cwd()).startsWith('..');
  const stem = holdsUs ? path.join(whole, 'earlier') : whole;
  const earlier = await readdir(path.dirname(stem));
  const numbers = earlier.map((name) => Number(numberBehind(path.basename(stem), name)));
  for (let number = 1 + Math.max(0, ...numbers); ; number++) {
    try {
      await mkdir(`${stem}.${number}`, { mode: 0o700 });
      return path.relative(process.cwd(), `${stem}.${number}`);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** `3` of `soak.3`; 0 for anything else. */
function numberBehind(stem: string, name: string): string {
  const rest = name.startsWith(`${stem}.`) ? name.slice(stem.length + 1) : '';
  return /^[1-9]\d{0,8}$/.test(rest) ? rest : '0';
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // The folder is a mount of its own.
    if (systemCode(error) !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, errorOnExist: true, force: false });
    await rm(from, { recursive: true });
  }
}
