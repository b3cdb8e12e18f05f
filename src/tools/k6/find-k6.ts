import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../project-root.ts';
import { K6_DIR, installK6 } from './install-k6.ts';
import { HOW_TO_INSTALL, K6Missing } from './k6-missing.ts';

const run = promisify(execFile);

/** A k6 that can run the bundles. */
export type K6 = {
  path: string;
  /** Where it was found. */
  source: 'K6_BIN' | 'PATH' | '.k6';
  version: K6Version;
  /** It has xk6-sse compiled in. */
  hasSse: boolean;
};

export type K6Version = { major: number; minor: number; text: string };

const OLDEST = { major: 1, minor: 1 };

/** What finding a k6 depends on beside the environment; tests give their own. */
export type Surroundings = {
  /** The folder that holds `.k6/`. */
  root: string;
  install: (say: (line: string) => void) => Promise<void>;
};

/**
 * The k6 to use: `K6_BIN`, then `k6` on PATH, then `.k6/`; installed into `.k6/` when none is there.
 *
 * @param say where to tell of an installation.
 * @throws K6Missing when `K6_BIN` is not usable, or nothing is there and nothing can be installed.
 */
export async function findK6(
  say: (line: string) => void,
  env = process.env,
  { root = PROJECT_ROOT, install = installK6 }: Partial<Surroundings> = {},
): Promise<K6> {
  const chosen = (env['K6_BIN'] ?? '').trim();
  if (chosen !== '') {
    const k6 = await inspect(chosen, 'K6_BIN');
    if (typeof k6 !== 'string') return k6;
    throw new K6Missing(
      `K6_BIN: got "${chosen}", which ${k6}; expected the path of a k6 ${OLDEST.major}.${OLDEST.minor} or newer; write K6_BIN=/usr/local/bin/k6`,
    );
  }
  const installedPath = path.join(root, K6_DIR, 'bin', 'k6');
  const passedOver: string[] = [];
  const found = (await onPath(env, passedOver)) ?? (await inspect(installedPath, '.k6'));
  if (typeof found !== 'string') return found;
  for (const line of passedOver) say(line);
  await install(say);
  const installed = await inspect(installedPath, '.k6');
  if (typeof installed !== 'string') return installed;
  throw new K6Missing(`the k6 in ${K6_DIR} ${installed}\n\n${HOW_TO_INSTALL}`);
}

/** @param passedOver gets a line on each that is there and of no use. */
async function onPath(env: NodeJS.ProcessEnv, passedOver: string[]): Promise<K6 | null> {
  const name = process.platform === 'win32' ? 'k6.exe' : 'k6';
  for (const folder of (env['PATH'] ?? '').split(path.delimiter).filter((part) => part !== '')) {
    const binary = path.join(folder, name);
    const k6 = await inspect(binary, 'PATH');
    if (typeof k6 !== 'string') return k6;
    if (k6 !== NO_FILE)
      passedOver.push(`${binary} ${k6}; ${OLDEST.major}.${OLDEST.minor} or newer is needed`);
  }
  return null;
}

const NO_FILE = 'is no file that can be run';

/** What a binary says of itself; in words, why it is of no use. */
async function inspect(binary: string, source: K6['source']): Promise<K6 | string> {
  try {
    await access(binary, constants.X_OK);
  } catch {
    return NO_FILE;
  }
  try {
    const { stdout } = await run(binary, ['version'], { timeout: 20_000 });
    const version = parseVersion(stdout);
    if (version === null) return 'does not say which k6 it is';
    if (isTooOld(version)) return `is ${version.text}`;
    return { path: binary, source, version, hasSse: /xk6-sse|k6\/x\/sse/.test(stdout) };
  } catch {
    return 'does not run on this machine';
  }
}

/** `k6 v1.1.0 (commit/0e3fb953be, go1.24.4, linux/amd64)` as numbers. */
export function parseVersion(output: string): K6Version | null {
  const match = /\bv(\d+)\.(\d+)(\.\S+)?/.exec(output);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]), text: match[0] };
}

function isTooOld({ major, minor }: K6Version): boolean {
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}
