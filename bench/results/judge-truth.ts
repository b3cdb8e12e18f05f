import { type Figure, type MachineResults, type Results, resultsOn } from './results-file.ts';

/** What one client said at so many streams, held against what the server did. */
export type TruthRow = { tool: string; streams: number } & Readonly<Record<FigureName, Figure | null>>;

/** What the gate says: `worse` and `not-judged` both end the command with a code of their own. */
export type TruthVerdict =
  | { kind: 'ok'; lines: readonly string[] }
  | { kind: 'worse'; lines: readonly string[] }
  | { kind: 'not-judged'; lines: readonly string[] };

/**
 * The figures that are judged. Below `floor` two values are the same: no clock and no timer here is finer, and a ratio of
 * two such values would be a ratio of accidents.
 */
const FIGURES = {
  ttftMeanErrorMs: { words: 'error of mean TTFT', unit: ' ms', floor: 0.5 },
  ttftP99ErrorMs: { words: 'error of TTFT p99', unit: ' ms', floor: 2 },
  tpotErrorMs: { words: 'error of mean TPOT', unit: ' ms', floor: 0.1 },
  cpuUsPerToken: { words: 'CPU a streamed token', unit: ' µs', floor: 1 },
} as const;
export type FigureName = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as FigureName[];

/** Who is held against whom: machines differ, and what makes one slower makes both slower. */
export const PEER = 'locust';
/** Ours that every run measures, and ours that takes a k6 which not everybody has. */
const ALWAYS = 'k6-llm';
const SOMETIMES = 'k6-llm sse';

/**
 * A ratio is worse when it lies so many standard errors above the committed one: wide, since a run makes a score of
 * comparisons and knows its noise from few rounds. A test counts the false alarms.
 */
const WIDTH = 3.5;
/** Nothing nearer than this counts as worse, however alike the rounds were: runs of two days differ by more than rounds. */
const LEAST_RATIO = 1.15;
/** Against figures of another kind of machine: one ratio to Locust was 0.85 on one and 1.14 on another. */
const LEAST_RATIO_ELSEWHERE = 1.5;

/**
 * Holds fresh figures against the committed ones, each as a ratio to Locust's in the same run. The noise is that of the
 * rounds of both runs: the spread of logarithms within a row, pooled over all rows of a figure.
 */
export function judgeTruth(
  fresh: readonly TruthRow[],
  { committed, machine }: { committed: Results; machine: string },
): TruthVerdict {
  const base = baseOf(committed, machine);
  if (base === null) {
    const reason = `bench/results.json has no truth with ${PEER} beside it, of this machine or another: there is nothing to compare with; run npm run bench -- --only truth, and commit it`;
    return { kind: 'not-judged', lines: [reason] };
  }
  if (!fresh.some(({ tool }) => tool === PEER)) {
    const reason = `this run has no ${PEER}: a ratio to it cannot be made, and figures alone tell as much of the machine as of us; nothing was compared; let npm run bench install it (bench/requirements/${PEER}.txt)`;
    return { kind: 'not-judged', lines: [reason] };
  }
  const isElsewhere = base.machine !== machine;
  const where = isElsewhere
    ? `the committed figures are of another machine (${base.machine}; this one is ${machine}): only what is ${LEAST_RATIO_ELSEWHERE} times worse counts`
    : `against the committed figures of this machine (${machine}), as ratios to ${PEER}'s in the same run`;
  const compared = compareAll(base.rows, fresh, isElsewhere ? LEAST_RATIO_ELSEWHERE : LEAST_RATIO);
  const of = (kind: Compared['kind']): string[] =>
    compared.flatMap((one) => (one.kind === kind ? [one.line] : []));
  const [worse, missing] = [of('worse'), of('missing')];
  const lines = [where, ...worse, ...missing, ...of('same'), ...toldOfSse(base.rows, fresh)];
  if (worse.length > 0) return { kind: 'worse', lines };
  return { kind: missing.length > 0 ? 'not-judged' : 'ok', lines };
}

/** Figures that are there, and that this run could not repeat. */
function toldOfSse(base: readonly TruthRow[], fresh: readonly TruthRow[]): string[] {
  const has = (rows: readonly TruthRow[]): boolean => rows.some(({ tool }) => tool === SOMETIMES);
  if (!has(base) || has(fresh)) return [];
  return [`${SOMETIMES}: not judged: this run had no k6 with k6/x/sse; name one in K6_SSE_BIN`];
}

/** The committed rows of this machine; of the newest other one where it has none. */
function baseOf(committed: Results, name: string): { machine: string; rows: readonly TruthRow[] } | null {
  const own = resultsOn(committed, name);
  for (const one of [...(own === null ? [] : [own]), ...committed.machines]) {
    const rows = truthOf(one);
    if (rows.some(({ tool }) => tool === PEER)) return { machine: one.machine.name, rows };
  }
  return null;
}

/** What `bench/measure/truth.mjs` made of a run on that machine. */
function truthOf({ measured }: MachineResults): readonly TruthRow[] {
  const truth = measured['truth'];
  return Array.isArray(truth) ? truth : [];
}

type Compared = { kind: 'same' | 'worse' | 'missing'; line: string };

/** How many times worse a ratio got, as a logarithm, and how sure that is. */
type Change = { log: number; variance: number };

/** Each figure of each client of ours: at each number of streams, and over all of them, where less hides in noise. */
function compareAll(base: readonly TruthRow[], fresh: readonly TruthRow[], leastRatio: number): Compared[] {
  const hasSse = fresh.some(({ tool }) => tool === SOMETIMES);
  const rows = [...base, ...fresh];
  return [ALWAYS, ...(hasSse ? [SOMETIMES] : [])].flatMap((tool) =>
    NAMES.flatMap((name) => {
      const noise: Noise = (who) => pooledVariance(rows, who, name);
      const { words } = FIGURES[name];
      const compared: Compared[] = [];
      const changes: Change[] = [];
      for (const { streams } of base.filter((row) => row.tool === tool)) {
        const at = `${tool} at ${streams} streams: ${words}`;
        const before = ratioOf(base, { tool, streams, name, noise });
        // What was committed without a peer was never a ratio.
        if (typeof before === 'string') continue;
        const now = ratioOf(fresh, { tool, streams, name, noise });
        if (typeof now === 'string') {
          compared.push({ kind: 'missing', line: `${at}: not compared: ${now}` });
          continue;
        }
        const change = { log: now.log - before.log, variance: now.variance + before.variance };
        changes.push(change);
        compared.push(judge(change, { at, values: valuesText(before, now, name), leastRatio }));
      }
      if (changes.length < 2) return compared;
      const at = `${tool} over all numbers of streams: ${words}`;
      return [...compared, judge(meanOf(changes), { at, values: '', leastRatio })];
    }),
  );
}

function judge(
  { log, variance }: Change,
  { at, values, leastRatio }: { at: string; values: string; leastRatio: number },
): Compared {
  const times = Math.exp(log);
  const allowed = Math.max(leastRatio, Math.exp(WIDTH * Math.sqrt(variance)));
  return times > allowed
    ? {
        kind: 'worse',
        line: `${at} got ${short(times)} times worse, and ${short(allowed)} would have been noise${values}`,
      }
    : {
        kind: 'same',
        line: `${at}: ${short(times)} times the committed ratio (noise: ${short(allowed)})${values}`,
      };
}

function meanOf(changes: readonly Change[]): Change {
  return {
    log: mean(changes.map(({ log }) => log)),
    variance: mean(changes.map(({ variance }) => variance)) / changes.length,
  };
}

/** Variance of the logarithm of one round's value; by client, since they differ in how steady they are. */
type Noise = (tool: string) => number;
/** A ratio of ours to the peer's, as a logarithm, and how sure it is. */
type Ratio = { log: number; variance: number; ours: number; peers: number };

/** @returns why there is none, as text. */
function ratioOf(
  rows: readonly TruthRow[],
  { tool, streams, name, noise }: { tool: string; streams: number; name: FigureName; noise: Noise },
): Ratio | string {
  const valuesOf = (who: string): readonly number[] =>
    rows.find((row) => row.tool === who && row.streams === streams)?.[name]?.values ?? [];
  const [ours, peers] = [valuesOf(tool), valuesOf(PEER)];
  if (peers.length === 0) return `${PEER} was not measured at ${streams} streams`;
  if (ours.length === 0) return `${tool} was not measured at ${streams} streams`;
  return {
    log: mean(logs(ours, name)) - mean(logs(peers, name)),
    variance: noise(tool) / ours.length + noise(PEER) / peers.length,
    ours: Math.abs(mean(ours)),
    peers: Math.abs(mean(peers)),
  };
}

function valuesText(before: Ratio, now: Ratio, name: FigureName): string {
  const { unit } = FIGURES[name];
  return `: ${short(now.ours)}${unit} where ${PEER} has ${short(now.peers)}; committed ${short(before.ours)} and ${short(before.peers)}`;
}

/** Of all rows of a client, each about its own mean; 0 where no row has two rounds. */
function pooledVariance(rows: readonly TruthRow[], tool: string, name: FigureName): number {
  const groups = rows.filter((row) => row.tool === tool).map((row) => logs(row[name]?.values ?? [], name));
  const freedom = groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);
  const squares = groups.reduce((sum, group) => {
    const middle = mean(group);
    return sum + group.reduce((all, value) => all + (value - middle) ** 2, 0);
  }, 0);
  return freedom === 0 ? 0 : squares / freedom;
}

function logs(values: readonly number[], name: FigureName): number[] {
  return values.map((value) => Math.log(Math.max(Math.abs(value), FIGURES[name].floor)));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
