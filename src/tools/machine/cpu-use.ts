import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

/** How busy a process was. */
export type CpuUse = {
  /** Of all the machine's cores, 0 to 1, in its busiest stretch of 5 s; null where the system does not tell. */
  peakRatio: number | null;
  /** What anybody used of the machine, 0 to 1, in its busiest stretch of 5 s; null for a shorter time. */
  machinePeakRatio: number | null;
  /** The same two from the beginning of the load to its end, however short; null for less than a second. */
  wholeRatio: number | null;
  machineWholeRatio: number | null;
  /** How long its threads waited for a core each time they wanted one, on average over the load, ms; null where the system does not tell. */
  meanWaitMs: number | null;
  /** User and system time, ms, as last seen; null likewise. */
  totalMs: number | null;
  /** Memory that the process held, bytes, once a second; empty likewise. */
  memoryBytes: readonly number[];
};

const PERIOD_MS = 1000;
const WINDOW = 5;
/** Linux counts in ticks of 10 ms (`getconf CLK_TCK` is 100 on every current kernel). */
const MS_PER_TICK = 10;

export type CpuWatch = {
  /** What was seen so far is of the start, and no peak: the load begins. */
  loadBegins: () => void;
  /** One look more, beside that of each second. */
  look: () => void;
  stop: () => CpuUse;
};

/** Watches a process's CPU time (Linux only) and the whole machine's, until `stop` is called. */
export function watchCpu(pid: number): CpuWatch {
  const seen: { atMs: number; cpuMs: number; memoryBytes: number }[] = [];
  const machine: { allMs: number; idleMs: number }[] = [];
  let waits = new ThreadWaits();
  const sample = async (): Promise<void> => {
    machine.push(machineTimes());
    const into = waits;
    into.add(await threadWaits(pid));
    const use = await useOf(pid);
    if (use !== null) seen.push({ atMs: performance.now(), ...use });
  };
  void sample();
  const timer = setInterval(() => void sample(), PERIOD_MS);
  timer.unref();
  return {
    loadBegins: () => {
      seen.length = 0;
      machine.length = 0;
      waits = new ThreadWaits();
      void sample();
    },
    look: () => void sample(),
    stop: () => {
      clearInterval(timer);
      return {
        peakRatio: peakRatio(seen),
        machinePeakRatio: machinePeakRatio(machine),
        wholeRatio: peakRatio(seen, seen.length - 1),
        machineWholeRatio: machinePeakRatio(machine, machine.length - 1),
        meanWaitMs: waits.meanMs(),
        totalMs: seen.at(-1)?.cpuMs ?? null,
        memoryBytes: seen.map(({ memoryBytes }) => memoryBytes),
      };
    },
  };
}

/** Of one thread so far: time that it waited for a core, and how often it got one. */
export type ThreadWait = { waitedNs: number; turns: number };

/** Adds up what each thread waited between looks: threads come and go. */
export class ThreadWaits {
  readonly #last = new Map<string, ThreadWait>();
  #waitedNs = 0;
  #turns = 0;

  add(threads: ReadonlyMap<string, ThreadWait>): void {
    for (const [thread, { waitedNs, turns }] of threads) {
      const before = this.#last.get(thread);
      if (before !== undefined) {
        this.#waitedNs += Math.max(0, waitedNs - before.waitedNs);
        this.#turns += Math.max(0, turns - before.turns);
      }
      this.#last.set(thread, { waitedNs, turns });
    }
  }

  meanMs(): number | null {
    return this.#turns === 0 ? null : this.#waitedNs / this.#turns / 1e6;
  }
}

/** `/proc/<pid>/task/<thread>/schedstat`: ns that it ran, ns that it waited to run, times that it ran (Linux). */
async function threadWaits(pid: number): Promise<Map<string, ThreadWait>> {
  const threads = await readdir(`/proc/${pid}/task`).catch((): string[] => []);
  const found = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '');
      const [, waitedNs, turns] = text.trim().split(' ').map(Number);
      return waitedNs === undefined || turns === undefined ? null : ([thread, { waitedNs, turns }] as const);
    }),
  );
  return new Map(found.flatMap((each) => (each === null ? [] : [each])));
}

/** Of every current Linux kernel that k6 runs on, but for some with 64-bit ARM. */
const BYTES_PER_PAGE = 4096;

async function useOf(pid: number): Promise<{ cpuMs: number; memoryBytes: number } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const pages = Number(fields[21]);
    if (!Number.isFinite(ticks) || !Number.isFinite(pages)) return null;
    return { cpuMs: ticks * MS_PER_TICK, memoryBytes: pages * BYTES_PER_PAGE };
  } catch {
    return null;
  }
}

/** Of all cores since the machine was started. */
function machineTimes(): { allMs: number; idleMs: number } {
  const times = cpus().map(({ times: core }) => core);
  const allMs = times.reduce(
    (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
    0,
  );
  return { allMs, idleMs: times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** The busiest stretch of several looks; null for too few of them, and where the system counts nothing. */
export function machinePeakRatio(
  seen: readonly { allMs: number; idleMs: number }[],
  window = WINDOW,
): number | null {
  let peak: number | null = null;
  for (const [index, later] of seen.entries()) {
    const earlier = window < 1 ? undefined : seen[index - window];
    const allMs = later.allMs - (earlier?.allMs ?? later.allMs);
    if (earlier === undefined || allMs <= 0) continue;
    peak = Math.max(peak ?? 0, 1 - (later.idleMs - earlier.idleMs) / allMs);
  }
  return peak;
}

function peakRatio(seen: readonly { atMs: number; cpuMs: number }[], window = WINDOW): number | null {
  let peak: number | null = null;
  for (const [index, later] of seen.entries()) {
    const earlier = window < 1 ? undefined : seen[index - window];
    if (earlier === undefined) continue;
    const share = (later.cpuMs - earlier.cpuMs) / (later.atMs - earlier.atMs) / availableParallelism();
    peak = Math.max(peak ?? 0, share);
  }
  return peak;
}
