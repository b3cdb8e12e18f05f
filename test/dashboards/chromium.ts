import { access, constants } from 'node:fs/promises';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A browser on PATH (or `CHROMIUM_BIN`); null when there is none. */
export async function findChromium(env = process.env): Promise<string | null> {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const chosen = env['CHROMIUM_BIN'] ?? '';
  const candidates = [
    ...(chosen === '' ? [] : [chosen]),
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
  ];
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

/** Said aloud by tests that need one. */
export const CHROMIUM_MISSING =
  'no chromium on this machine, so no page was looked at. Debian: apt-get install -y chromium; or set CHROMIUM_BIN';
