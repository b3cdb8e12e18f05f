// The whole check: build, format, lint, types, vitest (unit, bundle and real-k6 tests), all but the build side by side.
// With --quick, only those tests that start no k6 (vitest.config.ts), with fewer inputs where they take thousands. Ends
// with the line "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const quick = process.argv.includes('--quick');
const filters = process.argv.slice(2).filter((word) => word !== '--quick');
const projects = quick ? ['--project', 'lib', '--project', 'tools'] : [];

/** Checks anew what a change reaches, of what the last check kept. */
function typesOf(config) {
  const kept = path.join('node_modules', '.cache', 'types', `${config}.tsbuildinfo`);
  return ['-p', config, '--incremental', '--tsBuildInfoFile', kept];
}

const checks = [
  ['format', bin('oxfmt'), ['--check', '.']],
  ['lint', bin('oxlint'), ['--deny-warnings']],
  ['types of k6 code', bin('tsc'), typesOf('tsconfig.json')],
  ['types of Node code', bin('tsc'), typesOf('tsconfig.node.json')],
];

let passed = 0;
let failed = 0;
let skipped = 0;

/** Runs a command to its end. What it says is held back and given as a whole, unless it may print as it goes on. */
function run(command, args, { stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const env = { ...process.env, TESTS_QUICK: quick ? '1' : '' };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio, shell: process.platform === 'win32' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (said += text));
    }
    child.on('error', (error) => resolve({ isGood: false, said: `${said}${error.message}\n` }));
    child.on('close', (code) => resolve({ isGood: code === 0, said }));
  });
}

async function check([name, command, args]) {
  const { isGood, said } = await run(command, args);
  if (isGood) passed += 1;
  else failed += 1;
  return `${isGood ? '' : said}${isGood ? '✓' : '✗'} ${name}`;
}

async function test() {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-test-'));
  const report = path.join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { isGood } = await run(bin('vitest'), ['run', ...reporters, ...projects, ...filters], {
    stdio: 'inherit',
  });
  const before = failed;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    skipped += result.numPendingTests + result.numTodoTests;
    // A file that does not load has no tests to count, and has failed all the same.
    failed += result.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
  } catch (error) {
    failed += 1;
    console.error(`vitest left no result: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // An error outside of any test.
  if (!isGood && failed === before) failed += 1;
}

// Tests run what it builds, and types come with it.
console.log(await check(['build', process.execPath, ['build.mjs', '--quiet']]));
const told = Promise.all(checks.map(check));
await test();
for (const line of await told) console.log(line);

const rest = skipped > 0 ? `, ${skipped} skipped` : '';
console.log(`\n${passed} passed, ${failed} failed${rest}`);
process.exitCode = failed === 0 ? 0 : 1;
