// `npm run mutate [ROOM…]`: changes the code of a room in one place at a time, and tells which changes no test notices.
//
// The changes are Stryker's, all of them in one copy of the code, each behind a switch. Its own runner starts vitest anew for
// every change, which takes hours; here every test runs once for each change that it reaches (every-mutant.mjs), in minutes.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { readFlags, someOf } from '../../scripts/read-flags.mjs';

/** What is changed, by room: paths in src/lib. The forms in which answers come stand with their kinds. */
const ROOMS = {
  answer: /^answer\/(?!wire\/)/,
  forms: /^answer\/wire\/|^kinds\/.*\b(\w+-answer|answer-forms|input-usage|(embeddings|rerank)-kind)\.ts$/,
  figures: /^figures\//,
  money: /^money\//,
  summary: /^summary\//,
  thresholds: /^thresholds\//,
};
/** Tests, and what is made up for them. */
const UNCHANGED = /\.test\.ts$|\/made-[\w-]+\.ts$/;
const LEAST_PERCENT = 85;

const root = path.join(import.meta.dirname, '../..');
const results = path.join(root, 'results/mutation');

/** The room's code with every change in it, and what the changes are. */
async function instrument(room) {
  const all = readdirSync(path.join(root, 'src/lib'), { recursive: true }).filter((name) =>
    name.endsWith('.ts'),
  );
  const files = all.filter((name) => ROOMS[room].test(name) && !UNCHANGED.test(name)).sort();
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, isDebugEnabled: () => false };
  const sources = files.map((file) => {
    const name = `src/lib/${file}`;
    return { name, mutate: true, content: readFileSync(path.join(root, name), 'utf8') };
  });
  return {
    sources,
    ...(await new Instrumenter(quiet).instrument(sources, {
      plugins: null,
      excludedMutations: [],
      ignorers: [],
    })),
  };
}

/** Runs the tests in a copy of the clone; tells what they reached and noticed. */
function tryOut({ files }) {
  const copy = mkdtempSync(path.join(tmpdir(), 'k6-llm-mutants-'));
  const told = path.join(copy, 'told.json');
  try {
    const isCopied = (source) =>
      !/^(node_modules|results|dist|bench|\.git|\.k6)$/.test(path.relative(root, source));
    cpSync(root, copy, { recursive: true, filter: isCopied });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    for (const { name, content } of files) writeFileSync(path.join(copy, name), content);
    const names = files.map(({ name }) => name);
    const vitest = ['related', '--run', '--config', 'test/mutation/vitest.config.ts', ...names];
    const { stdout, stderr } = spawnSync('node_modules/.bin/vitest', vitest, {
      cwd: copy,
      env: { ...process.env, CI: '1', MUTANTS_TOLD: told },
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    try {
      return JSON.parse(readFileSync(told, 'utf8'));
    } catch (cause) {
      throw new Error(`the tests did not end:\n${stdout}\n${stderr}`.slice(0, 4000), { cause });
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Stryker's form of a report: https://github.com/stryker-mutator/mutation-testing-elements. */
function reportOf({ sources, mutants }, { noticed, reached, atLoad }) {
  const files = Object.fromEntries(
    sources.map(({ name, content }) => [name, { language: 'typescript', source: content, mutants: [] }]),
  );
  const from1 = ({ line, column }) => ({ line: line + 1, column: column + 1 });
  const [isNoticed, isReached, isOfLoad] = [noticed, reached, atLoad].map((ids) => new Set(ids));
  for (const { id, fileName, mutatorName, replacement, location } of mutants) {
    const status = isNoticed.has(id)
      ? 'Killed'
      : isReached.has(id)
        ? 'Survived'
        : isOfLoad.has(id)
          ? 'Ignored'
          : 'NoCoverage';
    const where = { start: from1(location.start), end: from1(location.end) };
    files[fileName].mutants.push({ id, mutatorName, replacement, location: where, status });
  }
  return { schemaVersion: '1.0', thresholds: { high: 90, low: LEAST_PERCENT }, files };
}

/** Each change that lived, on a line; and the share of those that did not. */
function show(room, { files }) {
  let [killed, tried] = [0, 0];
  for (const [name, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n');
    for (const { status, replacement, location } of mutants) {
      if (status === 'Ignored') continue;
      tried += 1;
      if (status === 'Killed') killed += 1;
      else {
        const { start, end } = location;
        const line = lines[start.line - 1] ?? '';
        const before =
          start.line === end.line ? line.slice(start.column - 1, end.column - 1) : `${line.trim()} …`;
        const not = status === 'NoCoverage' ? ' (no test gets there)' : '';
        console.log(
          `${name}:${start.line}: ${before} → ${replacement.replace(/\s+/g, ' ').slice(0, 80)}${not}`,
        );
      }
    }
  }
  const percent = (killed / tried) * 100;
  console.log(`${room}: ${killed} of ${tried} changes noticed, ${percent.toFixed(1)} %`);
  return percent;
}

const { positionals } = readFlags(import.meta.filename, { allowPositionals: true });
for (const room of someOf(positionals, Object.keys(ROOMS), 'npm run mutate -- figures')) {
  const changed = await instrument(room);
  const told = tryOut(changed);
  for (const problem of told.problems) console.log(`not repeatable, so left out: ${problem}`);
  const report = reportOf(changed, told);
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, `${room}.json`), JSON.stringify(report));
  if (show(room, report) < LEAST_PERCENT) process.exitCode = 1;
}
