// npm run bench [-- --only NAME,…] [--quick]: measures what the docs say of speed and truth, beside the tools that
// people use today, and writes bench/results.json and docs/performance.md.
// npm run bench -- --only truth --check: measures, writes nothing, and fails where truth got worse than what is committed.
// npm run bench -- --only ab --minutes 8: begins no further go of it after that; the same line goes on where it ended.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { importTs } from '../scripts/import-ts.mjs';
import { readFlags, refuse, someOf } from '../scripts/read-flags.mjs';
import { measureAb } from './measure/ab.mjs';
import { measureBlocking } from './measure/blocking.mjs';
import { measureBuild } from './measure/build.mjs';
import { measureForecast } from './measure/forecast.mjs';
import { measureGrowth } from './measure/growth.mjs';
import { measureHeld } from './measure/held.mjs';
import { measureLimits } from './measure/limits.mjs';
import { measureMemory } from './measure/memory.mjs';
import { measureSearch } from './measure/search.mjs';
import { measureStartup } from './measure/startup.mjs';
import { measureStatistics } from './measure/statistics.mjs';
import { measureStreaming } from './measure/streaming.mjs';
import { measureTruth } from './measure/truth.mjs';
import { watchOthers } from './process/others.mjs';
import { writePage } from './report/page.mjs';
import { findK6s } from './setup/k6.mjs';
import { describeMachine, describeTaking } from './setup/machine.mjs';
import { installPeer, makeTokenizer, PEERS } from './setup/venvs.mjs';

const MEASUREMENTS = {
  build: measureBuild,
  blocking: measureBlocking,
  streaming: measureStreaming,
  truth: measureTruth,
  held: measureHeld,
  memory: measureMemory,
  startup: measureStartup,
  growth: measureGrowth,
};
/** Measured beside other tools. */
const BESIDE_PEERS = ['blocking', 'streaming', 'truth'];
/** Write a page of their own. */
const ALONE = {
  statistics: measureStatistics,
  search: measureSearch,
  ab: measureAb,
  forecast: measureForecast,
  limits: measureLimits,
};
const root = path.join(import.meta.dirname, '..');
const RESULTS = path.join(root, 'bench/results.json');
/** Of `--check`: what it says besides 0 and 2, which is wrong usage. */
const EXIT_CODES = { ok: 0, worse: 1, 'not-judged': 3 };

const { values } = readFlags(import.meta.filename, {
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    streams: { type: 'string' },
    minutes: { type: 'string' },
  },
});
const known = [...Object.keys(MEASUREMENTS), ...Object.keys(ALONE)];
const only = values.only?.split(',') ?? [];
const asked = someOf(only, known, 'npm run bench -- --only truth,blocking', '--only: ');
if (values.check && (values.only !== 'truth' || values.quick))
  refuse(
    '--check: judges truth alone, and no quick run, which is too short to be judged; write npm run bench -- --only truth --check',
  );
if (values.streams !== undefined && (values.only !== 'held' || !/^[1-9]\d{0,4}$/.test(values.streams)))
  refuse(
    `--streams: got "${values.streams}"; expected a number of at most five digits, with --only held; write npm run bench -- --only held --streams 2000`,
  );
const minutes = values.minutes === undefined ? null : Number(values.minutes);
if (minutes !== null && !(minutes > 0 && asked.every((name) => name in ALONE)))
  refuse(
    `--minutes: got "${values.minutes}"; expected minutes above 0, with --only and some of ${Object.keys(ALONE).join(', ')}; write npm run bench -- --only ab --minutes 8`,
  );
const mode = values.check ? 'check' : values.quick ? 'quick' : 'full';
const begin = Date.now();
const say = (line) => console.log(`${((Date.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);

for (const name of asked.filter((one) => one in ALONE)) await ALONE[name]({ mode, minutes, say });
const names = asked.filter((name) => name in MEASUREMENTS);
if (names.length === 0) process.exit();

await promisify(execFile)(process.execPath, [path.join(root, 'build.mjs'), '--quiet']);
const { buildBundles } = await import('../build.mjs');
await buildBundles({
  outdir: path.join(root, 'bench/.build'),
  entries: [path.join(root, 'bench/k6/steady.ts')],
});
const { parseResults, withMeasured } = await importTs('bench/results/results-file.ts');
const k6s = await findK6s(say);
const peers = await findPeers();
const machine = describeMachine();
let results = parseResults(await readFile(RESULTS, 'utf8'));
say(`${machine.name}; k6 ${k6s.k6.version.text}, Node ${process.version}`);

for (const name of names) {
  const startedMs = Date.now();
  const taken = await describeTaking(k6s, peers, values.quick);
  const others = watchOthers();
  const streams = values.streams === undefined ? undefined : Number(values.streams);
  const measured = await MEASUREMENTS[name]({ mode, k6s, peers, say, streams });
  const othersRatio = others();
  const busy = othersRatio === null ? 'an unknown part' : `${(othersRatio * 100).toFixed(0)} %`;
  say(`${name} took ${((Date.now() - startedMs) / 1000).toFixed(0)} s; others used ${busy} of the cores`);
  if (values.check) process.exit(await judge(measured));
  const isLastOfAll = values.only === undefined && name === names.at(-1);
  const minutes = isLastOfAll ? Math.round((Date.now() - begin) / 6000) / 10 : null;
  results = withMeasured(results, {
    machine,
    name,
    taken: { ...taken, othersRatio },
    measured,
    minutes,
  });
  // After each: what was measured is kept when a later one fails.
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  await writePage(results);
}
say('wrote bench/results.json and docs/performance.md');

/** Installs the other tools, where one of the measurements takes them; of `--check` Locust alone. */
async function findPeers() {
  if (!names.some((name) => BESIDE_PEERS.includes(name))) return {};
  const found = {};
  for (const peer of values.check ? ['locust'] : PEERS) {
    try {
      found[peer] = await installPeer(peer, say);
    } catch (error) {
      say(`${peer} could not be installed, so nothing is held against it: ${String(error).split('\n')[0]}`);
    }
  }
  if ('aiperf' in found) await makeTokenizer();
  return found;
}

async function judge(measured) {
  const { judgeTruth } = await importTs('bench/results/judge-truth.ts');
  const { kind, lines } = judgeTruth(measured, { committed: results, machine: machine.name });
  for (const line of lines) console.log(line);
  console.log(`truth: ${kind === 'ok' ? 'no worse than noise' : kind === 'worse' ? 'WORSE' : 'NOT JUDGED'}`);
  return EXIT_CODES[kind];
}
