import { readFile } from 'node:fs/promises';
import { cpus, homedir, hostname } from 'node:os';
import path from 'node:path';
import { isRecord, parseJsonRecord } from '../../lib/parse/json.ts';
import { writeWhole } from '../results/folder/write-whole.ts';
import type { MachineFigures, MachineCalibration, StreamError } from './calibration.ts';

const VERSION = 1;

/** Outside any project: it is of the machine. `$XDG_CACHE_HOME/k6-llm/calibration.json`, else below `~/.cache`. */
export function machineFile(env: NodeJS.ProcessEnv = process.env): string {
  const cache = (env['XDG_CACHE_HOME'] ?? '').trim();
  const base = path.isAbsolute(cache) ? cache : path.join(homedir(), '.cache');
  return path.join(base, 'k6-llm', 'calibration.json');
}

/** What a home folder that several machines share must not mix up. */
function thisMachine(): { host: string; cpu: string; cores: number } {
  const cores = cpus();
  return { host: hostname(), cpu: cores[0]?.model ?? 'unknown', cores: cores.length };
}

/** What is known of this machine; null when it was never calibrated, or the file is of another one, or odd. */
export async function readMachine(file = machineFile()): Promise<MachineCalibration | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const parsed = parseJsonRecord(text);
  if (parsed === null || parsed['version'] !== VERSION) return null;
  const { machine, takenAt, calibration } = parsed;
  if (JSON.stringify(machine) !== JSON.stringify(thisMachine())) return null;
  const read = readCalibration(calibration);
  return read === null || typeof takenAt !== 'string' ? null : { takenAt, calibration: read };
}

export async function writeMachine(
  { takenAt, calibration }: MachineCalibration,
  file = machineFile(),
): Promise<void> {
  const content = { version: VERSION, machine: thisMachine(), takenAt, calibration };
  await writeWhole([{ file, render: () => `${JSON.stringify(content, null, 2)}\n` }]);
}

function readCalibration(value: unknown): MachineFigures | null {
  if (!isRecord(value) || !Array.isArray(value['streams'])) return null;
  const { requestsPerSec } = value;
  const streams = value['streams'].map(readStreams);
  const known = streams.flatMap((each) => each ?? []);
  if (known.length !== streams.length) return null;
  return {
    requestsPerSec: typeof requestsPerSec === 'number' ? requestsPerSec : null,
    streams: known.toSorted((a, b) => a.count - b.count),
  };
}

function readStreams(value: unknown): StreamError | null {
  if (!isRecord(value)) return null;
  const { count, open, ttftErrorMs, ttftErrorP99Ms, tpotErrorMs } = value;
  return typeof count === 'number' &&
    typeof open === 'number' &&
    typeof ttftErrorMs === 'number' &&
    typeof ttftErrorP99Ms === 'number' &&
    typeof tpotErrorMs === 'number'
    ? { count, open, ttftErrorMs, ttftErrorP99Ms, tpotErrorMs }
    : null;
}
