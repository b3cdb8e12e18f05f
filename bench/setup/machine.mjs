// What the figures were taken on, and with what.
import { execFile } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A machine by what speed depends on: two with one name are of one kind. */
export function describeMachine() {
  const [cpu, cores] = [cpus()[0]?.model.trim() ?? 'unknown', cpus().length];
  const [memoryGb, os] = [Math.round(totalmem() / 1e9), platform()];
  return { name: `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}`, cpu, cores, memoryGb, os };
}

/** How a measurement is taken that begins now. */
export async function describeTaking({ k6, sse }, peers, quick) {
  const { stdout: python } = await run('python3', ['--version']);
  return {
    date: new Date().toISOString().slice(0, 10),
    kernel: release(),
    loadAverage: loadavg()[0].toFixed(2),
    versions: {
      k6: k6.version.text,
      'k6 with k6/x/sse': sse?.version.text ?? null,
      node: process.version,
      python: python.trim().replace('Python ', ''),
      ...peers,
    },
    quick,
  };
}
