#!/usr/bin/env node
// What `npx k6-llm` starts. A file of its own, since npm links it before the first build has made dist/: a link to a
// file that is not there yet is left out, and stays out.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/cli.mjs', import.meta.url);
const build = new URL('../build.mjs', import.meta.url);

if (existsSync(cli) || isBuilt()) await import(cli.href);
else process.exitCode = 2;

/** Builds, in a clone that was installed without its scripts. */
function isBuilt() {
  const advice = 'expected what the build makes; write: npm ci && npm run build';
  if (!existsSync(build)) {
    console.error(`k6-llm: ${fileURLToPath(cli)} is missing; ${advice}`);
    return false;
  }
  console.error('k6-llm: building dist/, once');
  const { status } = spawnSync(process.execPath, [fileURLToPath(build), '--quiet'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) console.error(`k6-llm: dist/ could not be built; ${advice}`);
  return status === 0;
}
