// What measurements of whole commands share: mocks and a folder for one go, the CLI beside them, goes that add up over
// several calls, and where figures are written.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../process/server.mjs';

const root = path.join(import.meta.dirname, '../..');
const CLI = path.join(root, 'dist/cli.mjs');
const SO_FAR = path.join(root, 'bench/.build');

/** Starts a mock for each line of flags and makes a folder; both are gone after `work`. */
export async function besideMocks(flags, work) {
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  const mocks = [];
  try {
    for (const line of flags)
      mocks.push(await startServer([CLI, ...`mock --port 0 --quiet ${line}`.split(' ')]));
    return await work({ folder, urls: mocks.map(({ url }) => url) });
  } finally {
    for (const mock of mocks) await mock.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs k6-llm in a folder. @returns its exit code. */
export async function runCli(args, { cwd, env }) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return code;
}

export async function readJson(...parts) {
  return JSON.parse(await readFile(path.join(...parts), 'utf8'));
}

/**
 * Goes of which each has a key, one after another. With `minutes` none begins later than that, and the next call goes on
 * behind those that are done, as long as the CLI is the same; null until all are.
 */
export async function eachGo(name, goes, { minutes, say }) {
  const file = path.join(SO_FAR, `${name}-so-far.json`);
  const cli = createHash('sha256')
    .update(await readFile(CLI))
    .digest('hex');
  const before = minutes === null ? null : await readJson(file).catch(() => null);
  const done = before?.cli === cli ? before.done : {};
  if (before !== null) say(`${Object.keys(done).length} of ${goes.length} goes are there already`);
  const startedMs = Date.now();
  for (const { key, go } of goes) {
    if (Object.hasOwn(done, key)) continue;
    if (minutes !== null && Date.now() - startedMs > minutes * 60_000) {
      say(`${Object.keys(done).length} of ${goes.length} goes; the same line goes on`);
      return null;
    }
    done[key] = await go();
    if (minutes === null) continue;
    await mkdir(SO_FAR, { recursive: true });
    await writeFile(file, JSON.stringify({ cli, done }));
  }
  await rm(file, { force: true });
  return goes.map(({ key }) => done[key]);
}

/** Writes bench/measure/NAME.json, and a table between two comments of a page of the docs. */
export async function writeMeasured(name, { figures, page, table }) {
  await writeFile(path.join(root, 'bench/measure', `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  const file = path.join(root, page);
  const between = new RegExp(`(<!-- ${name} -->\\n)[^]*(<!-- end of ${name} -->)`);
  const text = await readFile(file, 'utf8');
  if (!between.test(text)) throw new Error(`${page}: expected <!-- ${name} --> and <!-- end of ${name} -->`);
  await writeFile(
    file,
    text.replace(between, (_, begin, end) => `${begin}\n${table}\n\n${end}`),
  );
}
