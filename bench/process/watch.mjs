// Runs a command and watches what it and all its children use.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { memoryOf, readTree } from './tree.mjs';

const CPU_EVERY_MS = 200;
const MEMORY_EVERY = 5;
/** Longer than almost any single run of the bench. */
const TIMEOUT_MS = 180_000;

/**
 * Runs a command to its end.
 *
 * @returns when it started and ended (wall clock, ms), its exit code, what it printed, the course of its CPU time
 *   (`cpu`: [{atMs, cpuMs}]) and of its memory (`memory`: [{atMs, bytes}]).
 */
export async function watch(
  command,
  args,
  { env = {}, cwd, nice = 0, accept = [0], timeoutMs = TIMEOUT_MS } = {},
) {
  const startedAtMs = Date.now();
  const line = nice > 0 ? ['nice', '-n', String(nice), command, ...args] : [command, ...args];
  const child = spawn(line[0], line.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-1_000_000);
    });
  }
  const series = watchTree(child.pid);
  const timeout = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timeout);
  const { cpu, memory } = series.stop();
  if (!accept.includes(code)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${output.slice(-3000)}`);
  }
  return { startedAtMs, endedAtMs: Date.now(), code, output, cpu, memory };
}

/** Reads a process tree again and again until it is stopped. */
export function watchTree(pid) {
  const cpu = [{ atMs: Date.now(), cpuMs: 0 }];
  const memory = [];
  const take = () => {
    const tree = readTree(pid);
    if (tree.pids.length === 0) return;
    const last = cpu.at(-1).cpuMs;
    // A child whose parent did not wait for it takes its time with it; what was seen stays seen.
    cpu.push({ atMs: Date.now(), cpuMs: Math.max(last, tree.cpuMs) });
    if (cpu.length % MEMORY_EVERY === 0) memory.push({ atMs: Date.now(), bytes: memoryOf(tree.pids) });
  };
  const timer = setInterval(take, CPU_EVERY_MS);
  return {
    take,
    cpu,
    memory,
    stop: () => {
      clearInterval(timer);
      return { cpu, memory };
    },
  };
}

/** CPU time used between two moments, ms, from a course of it. */
export function cpuBetween(course, fromMs, toMs) {
  return at(course, toMs) - at(course, fromMs);
}

function at(course, wantedMs) {
  const next = course.findIndex(({ atMs }) => atMs >= wantedMs);
  if (next === -1) return course.at(-1).cpuMs;
  if (next === 0) return course[0].cpuMs;
  const [before, after] = [course[next - 1], course[next]];
  const share = (wantedMs - before.atMs) / (after.atMs - before.atMs);
  return before.cpuMs + share * (after.cpuMs - before.cpuMs);
}

/** The most memory seen, bytes; null when there was none. */
export function peakBytes(memory) {
  return memory.length === 0 ? null : Math.max(...memory.map(({ bytes }) => bytes));
}
