import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What opens an address with the program that a person has for it. */
function openerOf(platform: NodeJS.Platform): { program: string; args: readonly string[] } {
  if (platform === 'darwin') return { program: 'open', args: [] };
  // `start` takes its first quoted argument for a title.
  if (platform === 'win32') return { program: 'cmd', args: ['/c', 'start', ''] };
  return { program: 'xdg-open', args: [] };
}

/** Opens a file in the browser; says where it is when nothing here can. */
export async function openInBrowser(file: string, platform = process.platform): Promise<void> {
  const { href } = pathToFileURL(path.resolve(file));
  const { program, args } = openerOf(platform);
  const child = spawn(program, [...args, href], { stdio: 'ignore', detached: true });
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false));
  });
  if (started) child.unref();
  else console.error(`--open: there is no ${program} here; open ${href} yourself`);
}
