import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';

const run = promisify(execFile);

/** A loopback of its own, where every port of the docs is free; or, where that is not allowed, the machine's. */
export type Network = { enter: readonly string[]; close: () => Promise<void> };

/** Linux only, and not everywhere there: it needs `unshare`, `nsenter`, `ip`, and the right to use them. */
export async function openNetwork(): Promise<Network> {
  for (const user of [[], ['-U', '-r']]) {
    const probe = spawnSync('unshare', [
      ...user,
      '-n',
      'sh',
      '-c',
      'ip link set lo up && command -v nsenter',
    ]);
    if (probe.status !== 0) continue;
    const holder = spawn('unshare', [...user, '-n', 'sh', '-c', 'ip link set lo up && echo up && exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const join = user.length === 0 ? [] : ['-U', '--preserve-credentials'];
    return {
      enter: ['nsenter', '-t', String(holder.pid), ...join, '-n'],
      close: async () => {
        const gone = once(holder, 'exit');
        holder.stdin.end();
        await gone;
      },
    };
  }
  return { enter: [], close: async () => {} };
}

/** The working tree as a clone of it would be: what git knows of or would take. */
export async function copyClone(target: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: PROJECT_ROOT });
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    const to = path.join(target, file);
    await mkdir(path.dirname(to), { recursive: true });
    // A file that is deleted and not yet committed is listed all the same.
    await cp(path.join(PROJECT_ROOT, file), to).catch(() => {});
  }
}

/** What npm has fetched before serves again; what npx links stays out of the person's own folder. */
export async function npmCache(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'cache'], { cwd: PROJECT_ROOT });
  const shared = path.join(stdout.trim(), '_cacache');
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(shared, { recursive: true })]);
  await symlink(shared, path.join(folder, '_cacache'));
  return folder;
}

/**
 * An npx that starts k6-llm as npm's own does, without npm: the link of an install, or in a clone, which has none, the
 * file of the package's `bin`.
 *
 * @returns the folder that it stands in.
 */
export async function writeShortNpx(folder: string): Promise<string> {
  await mkdir(folder);
  const starts = ['node_modules/.bin/k6-llm', 'bin/k6-llm.mjs'];
  const lines = [
    '#!/bin/sh',
    '[ "$1" = k6-llm ] || { echo "npx $1: not k6-llm" >&2; exit 127; }',
    'shift',
    ...starts.map((file) => `[ -x ${file} ] && exec node --no-opt ${file} "$@"`),
    'echo "npx k6-llm: it is not here" >&2; exit 127',
  ];
  await writeFile(path.join(folder, 'npx'), `${lines.join('\n')}\n`, { mode: 0o755 });
  return folder;
}

/** A process and all that it started. */
export type Group = {
  child: ChildProcess;
  output: () => string;
  ended: Promise<unknown>;
  end: () => Promise<void>;
};

export function startGroup(
  command: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Group {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const ended = once(child, 'exit');
  const closed = once(child, 'close');
  const kill = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  process.once('exit', kill);
  return {
    child,
    output: () => said,
    ended,
    end: async () => {
      kill();
      process.off('exit', kill);
      await closed;
    },
  };
}
