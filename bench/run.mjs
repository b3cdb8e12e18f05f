// npm run bench [-- --only NAME,…] [--quick]: measures what the docs say of speed and truth, beside the tools that
// people use today, and writes bench/results.json and docs/performance.md.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { measureAb } from './measure/ab.mjs';
import { measureBlocking } from './measure/blocking.mjs';
import { measureBuild } from './measure/build.mjs';
import { measureForecast } from './measure/forecast.mjs';
import { measureGrowth } from './measure/growth.mjs';
import { measureMemory } from './measure/memory.mjs';
import { measureSearch } from './measure/search.mjs';
import { measureStartup } from './measure/startup.mjs';
import { measureStatistics } from './measure/statistics.mjs';
import { measureStreaming } from './measure/streaming.mjs';
import { measureTruth } from './measure/truth.mjs';
import { watchOthers } from './process/others.mjs';
import { writePage } from './report/page.mjs';
import { findK6s } from './setup/k6.mjs';
import { describeMachine } from './setup/machine.mjs';
import { installPeer, makeTokenizer, PEERS } from './setup/venvs.mjs';

const MEASUREMENTS = {
  build: measureBuild,
  blocking: measureBlocking,
  streaming: measureStreaming,
  truth: measureTruth,
  memory: measureMemory,
  startup: measureStartup,
  growth: measureGrowth,
};
/** Need no peers, and write a page of their own. */
const ALONE = {
  statistics: measureStatistics,
  search: measureSearch,
  ab: measureAb,
  forecast: measureForecast,
};
const root = path.join(import.meta.dirname, '..');
const RESULTS = path.join(root, 'bench/results.json');

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const known = [...Object.keys(MEASUREMENTS), ...Object.keys(ALONE)];
const asked = values.only?.split(',') ?? known;
const unknown = asked.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(
    `--only: got "${unknown}"; expected some of ${known.join(', ')}; write npm run bench -- --only truth,blocking`,
  );
  process.exit(2);
}
const begin = Date.now();
const say = (line) => console.log(`${((Date.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);

for (const name of asked.filter((one) => one in ALONE))
  await ALONE[name]({ mode: values.quick ? 'quick' : 'full', say });
const names = asked.filter((name) => name in MEASUREMENTS);
if (names.length === 0) process.exit();

await promisify(execFile)(process.execPath, [path.join(root, 'build.mjs'), '--quiet']);
const { buildBundles } = await import('../build.mjs');
await buildBundles({
  outdir: path.join(root, 'bench/.build'),
  entries: [path.join(root, 'bench/k6/steady.ts')],
});
const k6s = await findK6s(say);
const peers = {};
for (const peer of PEERS) peers[peer] = await installPeer(peer, say);
await makeTokenizer();
const machine = await describeMachine(k6s, peers);
say(`${machine.cpu}, ${machine.cores} cores, load ${machine.loadAverage}`);

const before = values.only === undefined ? {} : await earlier();
const measured = { ...before.measured };
const othersRatio = { ...before.othersRatio };
for (const name of names) {
  const startedMs = Date.now();
  const others = watchOthers();
  measured[name] = await MEASUREMENTS[name]({ mode: values.quick ? 'quick' : 'full', k6s, peers, say });
  othersRatio[name] = others();
  say(
    `${name} took ${((Date.now() - startedMs) / 1000).toFixed(0)} s; others used ${(othersRatio[name] * 100).toFixed(0)} % of the cores`,
  );
  // After each: what was measured is kept when a later one fails.
  await write();
}
say('wrote bench/results.json and docs/performance.md');

async function write() {
  const spent = Math.round((Date.now() - begin) / 6000) / 10;
  const minutes = values.only === undefined ? spent : (before.minutes ?? spent);
  const results = { schemaVersion: 1, quick: values.quick, minutes, machine, othersRatio, measured };
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  await writePage(results);
}

async function earlier() {
  try {
    return JSON.parse(await readFile(RESULTS, 'utf8'));
  } catch {
    return {};
  }
}
