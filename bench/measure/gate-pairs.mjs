// How often a gate is right: pairs of runs of one set-up, which it should pass, and pairs of which the second one's
// server is 15 % slower to its first token, which it should break. Writes bench/measure/gate-pairs.json.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../process/server.mjs';

const PAIRS = Number(process.argv[2] ?? 20);
const RULES = 'p50(ai_ttft_ms) +5%; p95(ai_ttft_ms) +10%; error_rate +1pp';
const root = path.join(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/cli.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-gate-'));
const mock = (ttftMs) =>
  startServer([
    cli,
    'mock',
    '--port',
    '0',
    '--quiet',
    '--slots',
    'unlimited',
    '--ttft',
    `lognormal:${ttftMs}:0.25`,
    '--tpot',
    '4',
    '--output-tokens',
    '24',
  ]);
const [usual, slower] = [await mock(200), await mock(230)];

const same = [];
const slow = [];
let before = await run(usual, 'run-0');
for (let pair = 1; pair <= PAIRS; pair += 1) {
  const after = await run(usual, `run-${pair}`);
  const late = await run(slower, `slow-${pair}`);
  same.push(gate(before, after));
  slow.push(gate(before, late));
  console.log(`pair ${pair}: same set-up exit ${same.at(-1)}, 15 % slower exit ${slow.at(-1)}`);
  before = after;
}
await Promise.all([usual.stop(), slower.stop()]);
rmSync(folder, { recursive: true });

const count = (exits, code) => exits.filter((exit) => exit === code).length;
const result = {
  date: new Date().toISOString().slice(0, 10),
  pairs: PAIRS,
  rules: RULES,
  samePassed: count(same, 0),
  slowerFound: count(slow, 1),
};
writeFileSync(path.join(import.meta.dirname, 'gate-pairs.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(
  `same set-up passed ${result.samePassed} of ${PAIRS}; 15 % slower found ${result.slowerFound} of ${PAIRS}`,
);
process.exitCode = result.samePassed >= PAIRS * 0.95 && result.slowerFound >= PAIRS * 0.95 ? 0 : 1;

/** One streamed baseline of about 10 s. @returns its folder. */
async function run(server, name) {
  const resultsDir = path.join(folder, name);
  const env = {
    ...process.env,
    LLM_BASE_URL: server.url,
    LLM_RESULTS_DIR: resultsDir,
    LLM_MIX: 'gpt-4.1',
    LLM_PREFLIGHT: '0',
    LLM_VUS: '10',
    LLM_TIME_SCALE: '0.02',
    LLM_THINK_TIME: '0s',
  };
  const child = spawn(process.execPath, [cli, 'run', 'baseline', '--stream'], {
    env,
    stdio: 'ignore',
    cwd: root,
  });
  const code = await new Promise((resolve) => void child.once('exit', resolve));
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}`);
  return resultsDir;
}

function gate(first, second) {
  return spawnSync(process.execPath, [cli, 'compare', first, second, '--gate', RULES], { stdio: 'ignore' })
    .status;
}
