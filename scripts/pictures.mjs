// npm run pictures [-- NAME…]: takes pictures of what people see (the demo's report, breakpoint, a search, spike, a
// comparison, the live page), light and dark, wide and narrow, into docs/pictures/, and writes docs/pictures.md. About
// eight minutes, against mocks on loopback; it needs a Chromium (Debian: apt-get install -y chromium).
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { importTs } from './import-ts.mjs';
import { readFlags, someOf } from './read-flags.mjs';

const root = path.join(import.meta.dirname, '..');
const cli = path.join(root, 'dist/cli.mjs');
const pictures = path.join(root, 'docs/pictures');
const VIEWS = [
  { name: 'wide, light', file: 'light-1400', colorScheme: 'light', width: 1400, height: 1500 },
  { name: 'wide, dark', file: 'dark-1400', colorScheme: 'dark', width: 1400, height: 1500 },
  { name: 'narrow, light', file: 'light-420', colorScheme: 'light', width: 420, height: 1100 },
  { name: 'narrow, dark', file: 'dark-420', colorScheme: 'dark', width: 420, height: 1100 },
];

const SHOWN = [
  { name: 'demo', title: 'The demo: several runs, one page', make: demo },
  { name: 'breakpoint', title: 'breakpoint: where is the limit', make: breakpoint },
  { name: 'search', title: 'search: how much can it take', make: search },
  { name: 'spike', title: 'spike: what a burst does', make: spike },
  { name: 'comparison', title: 'A comparison with its gate', make: comparison },
  { name: 'live', title: 'The live page, while a run goes on', make: live },
];
const { positionals } = readFlags(import.meta.filename, { allowPositionals: true });
const known = SHOWN.map(({ name }) => name);
const names = someOf(positionals, known, 'npm run pictures -- search');
const asked = SHOWN.filter(({ name }) => names.includes(name));

const { findChromium, CHROMIUM_MISSING } = await importTs('test/dashboards/chromium.ts');
const executablePath = await findChromium();
if (executablePath === null) {
  console.error(CHROMIUM_MISSING);
  process.exit(2);
}
const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-pictures-'));
const mocks = [];
/** Of the run on a live page, which goes on while its picture is taken. */
let ending = null;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await mkdir(pictures, { recursive: true });
  for (const { name, title, make } of asked) await take(name, title, await make());
  await writeFile(path.join(root, 'docs/pictures.md'), page(SHOWN));
} finally {
  await browser.close();
  for (const mock of mocks) mock.kill();
  await rm(folder, { recursive: true, force: true });
}

async function demo() {
  await run(['demo'], {});
  return path.join(folder, 'results/demo/report.html');
}

/** Sixteen slots and 0.4 s an answer: 40/s. */
async function breakpoint() {
  const url = await mock(['--slots', '16', '--ttft', '100', '--tpot', '10', '--output-tokens', '31']);
  const settings = {
    LLM_RATE: '60',
    LLM_TIME_SCALE: '0.2',
    LLM_RESULTS_DIR: 'breakpoint',
    LLM_SLO: 'ttft:1000',
  };
  await run(['run', 'breakpoint', '--stream'], { LLM_BASE_URL: url, ...settings });
  return path.join(folder, 'breakpoint/report.html');
}

/** The same server, its answers whole. */
async function search() {
  const url = await mock('--slots 16 --queue 100000 --ttft 400 --tpot 0 --output-tokens 1'.split(' '));
  const flags = '--min 10 --hold 6s --precision 10%'.split(' ');
  await run(['search', '--slo', 'p95(ai_latency_ms)<1000; error_rate<1%', ...flags], {
    LLM_BASE_URL: url,
    LLM_RESULTS_DIR: 'search',
  });
  return path.join(folder, 'search/answer.html');
}

async function spike() {
  const url = await mock(['--slots', '12', '--ttft', '300', '--tpot', '10', '--output-tokens', '70']);
  const settings = { LLM_RATE: '20', LLM_TIME_SCALE: '0.15', LLM_RESULTS_DIR: 'spike' };
  await run(['run', 'spike', '--stream'], { LLM_BASE_URL: url, ...settings });
  return path.join(folder, 'spike/report.html');
}

async function comparison() {
  const settings = { LLM_VUS: '10', LLM_TIME_SCALE: '0.08', LLM_THINK_TIME: '0s' };
  for (const [name, ttft] of [
    ['main', '200'],
    ['change', '260'],
  ]) {
    const url = await mock(['--ttft', `lognormal:${ttft}:0.2`, '--tpot', '8', '--output-tokens', '20']);
    await run(['run', 'baseline', '--stream'], { LLM_BASE_URL: url, LLM_RESULTS_DIR: name, ...settings });
  }
  await run(['compare', 'main', 'change', '--gate', 'p95(ai_ttft_ms) +10%', '--html', 'comparison.html'], {});
  return path.join(folder, 'comparison.html');
}

async function live() {
  const url = await mock(['--slots', '16', '--ttft', '150', '--tpot', '10', '--output-tokens', '40']);
  const settings = { LLM_RATE: '40', LLM_TIME_SCALE: '0.08', LLM_RESULTS_DIR: 'live' };
  const child = start(['run', 'stress', '--stream', '--live'], { LLM_BASE_URL: url, ...settings });
  const address = await said(child, /live: (http\S+)/);
  const seconds = 25;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  ending = new Promise((resolve) => child.once('exit', resolve));
  return address;
}

/** One page in every view. */
async function take(name, title, place) {
  const address = place.startsWith('http') ? place : `file://${place}`;
  for (const { file, colorScheme, width, height } of VIEWS) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    const shown = await context.newPage();
    await shown.goto(address);
    if (place.startsWith('http')) await shown.waitForSelector('#plots figure');
    await shown.screenshot({ path: path.join(pictures, `${name}-${file}.jpg`), type: 'jpeg', quality: 60 });
    await context.close();
  }
  console.log(title);
  await ending;
}

function page(shown) {
  const rows = shown.map(
    ({ name, title }) =>
      `## ${title}\n\n${VIEWS.map(({ name: view, file }) => `![${title}, ${view}](pictures/${name}-${file}.jpg)`).join('\n')}\n`,
  );
  return `<!-- Written by npm run pictures. -->\n\n# What it looks like\n\nTaken in Chromium from runs against the mock: light and dark, 1,400 and 420 pixels wide, the top of each page.\n\n${rows.join('\n')}`;
}

async function mock(args) {
  const child = start(['mock', '--port', '0', '--quiet', ...args], {});
  mocks.push(child);
  return said(child, /(http:\/\/127\.0\.0\.1:\d+\S*)/);
}

function start(args, env) {
  const quiet = { ...process.env, NO_COLOR: '1', LLM_PREFLIGHT: '0', ...env };
  return spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: quiet,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a process said that fits; it fails when the process ends first. */
function said(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (data) => {
      text += data;
      const found = pattern.exec(text);
      if (found !== null) resolve(found[1]);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('exit', () => reject(new Error(`it ended before it said ${pattern}:\n${text}`)));
  });
}

/** Runs a command to its end; verdicts (99, 1, 3) are what a picture may show. */
async function run(args, env) {
  const child = start(args, env);
  let text = '';
  child.stdout.on('data', (data) => (text += data));
  child.stderr.on('data', (data) => (text += data));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (![0, 1, 3, 99].includes(code)) throw new Error(`k6-llm ${args.join(' ')} ended with ${code}:\n${text}`);
}
