// npm run interop [-- --only NAME,…]: our runs against servers that nobody here wrote, and their own figures beside
// ours. Writes docs/interop.md. Installs what it needs into ~/.cache/k6-llm/interop; the first time takes a while.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readFlags, someOf } from '../scripts/read-flags.mjs';
import { captureBodies } from './checks/capture.mjs';
import { BAD_RUNS } from './checks/bad-runs.mjs';
import { checkGoodRun, GOOD_RUNS } from './checks/good-runs.mjs';
import { runK6Llm } from './checks/run-k6-llm.mjs';
import { writePage } from './page.mjs';
import { startGuidellm } from './servers/guidellm.mjs';
import { startLitellm } from './servers/litellm.mjs';
import { startLlama } from './servers/llama.mjs';

const SERVERS = { llama: startLlama, litellm: startLitellm, guidellm: startGuidellm };
const root = path.join(import.meta.dirname, '..');

const { values } = readFlags(import.meta.filename, {
  options: { only: { type: 'string' }, capture: { type: 'boolean', default: false } },
});
const only = values.only?.split(',') ?? [];
const names = someOf(only, Object.keys(SERVERS), 'npm run interop -- --only llama', '--only: ');

const begin = Date.now();
const say = (line) => console.log(`${((Date.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);
await promisify(execFile)(process.execPath, [path.join(root, 'build.mjs'), '--quiet']);

const sections = [];
for (const name of names) sections.push(await checkServer(name));
const rows = sections.flatMap(({ runs }) => runs.flatMap(({ results }) => results));
if (values.only === undefined) {
  await writePage(sections);
  say('wrote docs/interop.md');
}
const wrong = rows.filter(({ ok }) => !ok).length;
say(`${rows.length - wrong} of ${rows.length} comparisons agree`);
process.exit(wrong === 0 ? 0 : 1);

async function checkServer(name) {
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-interop-'));
  const server = await SERVERS[name]({ root, folder, say });
  say(`${server.name} ${server.version} listens at ${server.url}`);
  try {
    if (values.capture) await captureBodies(server, { root, name, say });
    const runs = [];
    for (const run of [...GOOD_RUNS, ...BAD_RUNS]) runs.push(await checkRun(server, run, folder));
    return { server, runs };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkRun(server, run, folder) {
  const start = () =>
    runK6Llm({
      root,
      server,
      ...run,
      folder: path.join(folder, run.name.replaceAll(/\W+/g, '-')),
    });
  const { results, output } =
    run.check === undefined ? await checkGoodRun(server, start) : await checkBad(server, run, start);
  for (const { what, ours, theirs, ok, rule } of results) {
    say(`${ok ? 'ok   ' : 'WRONG'} ${server.name}, ${run.name}: ${what}: ${ours} / ${theirs} (${rule})`);
  }
  if (results.some(({ ok }) => !ok)) console.log(output.slice(-4000));
  return { name: run.name, results };
}

async function checkBad(server, { check }, start) {
  const ended = await start();
  return { results: check(server, ended), output: ended.output };
}
