/** Median, lowest and highest of the rounds, and each of them in the order in which they were taken. */
export type Figure = { median: number; min: number; max: number; rounds: number; values: readonly number[] };

/** A machine by what speed depends on. Nobody's host name is in it. */
export type Machine = {
  /** `AMD EPYC, 2 cores, 25 GB, linux`: figures of one name are of one kind of machine. */
  name: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  os: string;
};

/** How one measurement was taken. */
export type Taken = {
  /** `2026-11-25`. */
  date: string;
  kernel: string;
  loadAverage: string;
  /** Of tools, by name; null: there was none, so what needs it was not run. */
  versions: Readonly<Record<string, string | null>>;
  /** Cores that other processes kept busy meanwhile; null: not known. */
  othersRatio: number | null;
  /** Too short to be trusted. */
  quick: boolean;
};

/** What was measured on one machine. The names are those of our own measurements. */
export type MachineResults = {
  machine: Machine;
  /** What all measurements took the last time that all were run; null: they never were. */
  minutes: number | null;
  taken: Readonly<Record<string, Taken>>;
  measured: Readonly<Record<string, unknown>>;
};

/** `bench/results.json`: figures of several machines side by side, the newest first. */
export type Results = { schemaVersion: 2; machines: readonly MachineResults[] };

export const NO_RESULTS: Results = { schemaVersion: 2, machines: [] };

/** @throws Error when the file is of another version: figures would be lost by writing over it. */
export function parseResults(text: string): Results {
  const results: Results = JSON.parse(text);
  const { schemaVersion } = results;
  if (schemaVersion === 2) return results;
  throw new Error(
    `bench/results.json: got schemaVersion ${String(schemaVersion)}; expected 2; take it from git: git checkout bench/results.json`,
  );
}

/** A machine's own results; null: nothing was measured on such a one. */
export function resultsOn({ machines }: Results, name: string): MachineResults | null {
  return machines.find(({ machine }) => machine.name === name) ?? null;
}

/** The results with one measurement of a machine put in place of its last one; those of other machines stay. */
export function withMeasured(
  results: Results,
  {
    machine,
    name,
    taken,
    measured,
    minutes,
  }: { machine: Machine; name: string; taken: Taken; measured: unknown; minutes: number | null },
): Results {
  const before = resultsOn(results, machine.name);
  const own: MachineResults = {
    machine,
    minutes: minutes ?? before?.minutes ?? null,
    taken: { ...before?.taken, [name]: taken },
    measured: { ...before?.measured, [name]: measured },
  };
  return { ...results, machines: [own, ...results.machines.filter((one) => one !== before)] };
}
