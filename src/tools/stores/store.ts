/** k6's own values by metric, as `summary.json` has them under `metrics`. */
export type K6Values = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

/** What k6 must be given so that an output writes what our boards read. Passwords go by the environment. */
export type OutputFlags = {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
};

/** A place outside that a run's samples are sent to while it goes on. */
export type Store = OutputFlags & {
  /** Asks whether everything arrived, says so, and tells the run's exit code. */
  finish: (k6ExitCode: number, parts: readonly K6Values[]) => Promise<number>;
};

/** What making a store ready depends on. */
export type StoreContext = {
  /** The tag by which the run is found. */
  testid: string;
  say: (line: string) => void;
};

/**
 * Exit code of `k6-llm run` when k6 itself ended with 0 but a store lacks points. k6 only logs that it could not
 * write, and exits 0.
 */
export const EXIT_OUTPUT_LOST = 3;

const COUNTS = ['count', 'passes', 'fails'];

/** How many samples several k6 processes took together; of the other values only counts can be added. */
export function addCounts(parts: readonly K6Values[]): K6Values {
  const sums = new Map<string, Record<string, number>>();
  for (const part of parts) {
    for (const [metric, values] of Object.entries(part)) {
      const sum = sums.get(metric) ?? {};
      sums.set(metric, sum);
      for (const name of COUNTS) {
        const value = values[name];
        if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value;
      }
    }
  }
  return Object.fromEntries(sums);
}
