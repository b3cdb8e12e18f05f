// The whole check: build, format, lint, types, then vitest (unit, bundle and real-k6 tests).
// With --quick, only those tests that start no k6 (vitest.config.ts). Ends with the line "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const quick = process.argv.includes('--quick');
const filters = process.argv.slice(2).filter((word) => word !== '--quick');
const projects = quick ? ['--project', 'lib', '--project', 'tools'] : [];

const steps = [
  ['build', process.execPath, ['build.mjs', '--quiet']],
  ['format', bin('oxfmt'), ['--check', '.']],
  ['lint', bin('oxlint'), ['--deny-warnings']],
  ['types of k6 code', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of Node code', bin('tsc'), ['-p', 'tsconfig.node.json']],
];

let passed = 0;
let failed = 0;
let skipped = 0;

for (const [name, command, args] of steps) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) passed += 1;
  else failed += 1;
  console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-test-'));
const report = path.join(folder, 'vitest.json');
spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...projects, ...filters],
  {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
);
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

console.log(
  skipped > 0
    ? `\n${passed} passed, ${failed} failed, ${skipped} skipped`
    : `\n${passed} passed, ${failed} failed`,
);
process.exitCode = failed === 0 ? 0 : 1;
