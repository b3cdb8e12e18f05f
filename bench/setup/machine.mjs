// What the figures were taken on.
import { execFile } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function describeMachine({ k6, sse }, peers) {
  const { stdout: python } = await run('python3', ['--version']);
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    loadAverage: loadavg()[0].toFixed(2),
    versions: {
      k6: k6.version.text,
      'k6 with k6/x/sse': sse?.version.text ?? null,
      node: process.version,
      python: python.trim().replace('Python ', ''),
      ...peers,
    },
  };
}
