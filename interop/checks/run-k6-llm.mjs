// One `k6-llm run`, as a person would start it, and what it left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Settings of the person's shell would change what is measured. */
const CLEAN = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(LLM_|K6_(?!BIN))/.test(name))
    .map((name) => [name, '']),
);

/** Short, and of a known length; one preflight as in any run. */
const SHORT = {
  LLM_PROVIDER: 'custom',
  LLM_MAX_TOKENS: '64',
  LLM_VUS: '3',
  LLM_TIME_SCALE: '0.03',
  LLM_THINK_TIME: '100ms-300ms',
  LLM_TIMEOUT: '60s',
};

/** @returns {Promise<{exitCode: number, output: string, summary: object | null}>} */
export async function runK6Llm({ root, folder, server, scenario, stream, env }) {
  const args = [path.join(root, 'dist/cli.mjs'), 'run', scenario, ...(stream ? ['--stream'] : [])];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      ...CLEAN,
      ...SHORT,
      LLM_THRESHOLDS: path.join(root, 'interop/thresholds.json'),
      LLM_BASE_URL: server.url,
      ...(server.key === null ? {} : { LLM_API_KEY: server.key }),
      LLM_MIX: server.model,
      ...server.env,
      ...env,
      LLM_RESULTS_DIR: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.setEncoding('utf8');
    pipe.on('data', (text) => (output += text));
  }
  const [exitCode] = await once(child, 'close');
  return { exitCode, output, summary: await readSummary(folder) };
}

async function readSummary(folder) {
  try {
    return JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8'));
  } catch {
    return null;
  }
}
