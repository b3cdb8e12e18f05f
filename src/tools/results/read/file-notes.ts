import { readRepeatedRows, writeRepeatedRows } from '../../../lib/summary/repeated-rows.ts';

/** What was counted while the files of a run, or of all its parts, were read. */
export type FileCounts = {
  /** Lines that are no samples, though they begin like some. */
  broken: number;
  /** Lines of other text. */
  foreign: number;
  /** Files that end in the middle of a line. */
  truncated: number;
  /** Finished requests without a sample. */
  missing: number;
  /** Finish reasons that are not known, and how often each came. */
  finishes: ReadonlyMap<string, number>;
};

type Counted = Exclude<keyof FileCounts, 'finishes'>;

/** Each count as a line for people, and how to find it again in one. */
const LINES: readonly { kind: Counted; say: (count: number) => string; pattern: RegExp }[] = [
  {
    kind: 'broken',
    say: (count) =>
      `${count === 1 ? '1 line was' : `${count} lines were`} skipped: half-written, too long, or with values that no request has`,
    pattern: /^(\d+) lines? (?:was|were) skipped: half-written/,
  },
  {
    kind: 'foreign',
    say: (count) =>
      `${count === 1 ? '1 line is' : `${count} lines are`} other text, such as what the script printed`,
    pattern: /^(\d+) lines? (?:is|are) other text/,
  },
  {
    kind: 'truncated',
    say: (count) =>
      `${count === 1 ? 'the file ends' : `${count} files end`} in the middle of a line: k6 was stopped before it had written all`,
    pattern: /^(?:the file|(\d+) files) ends? in the middle of a line/,
  },
  {
    kind: 'missing',
    say: (count) => `${count} finished requests left no sample line; the plots lack them`,
    pattern: /^(\d+) finished requests left no sample line/,
  },
];

const FINISHES = 'finish reasons that are not known: ';

/** What was counted, as lines for people. */
export function fileNotes(counts: Partial<FileCounts>): string[] {
  const lines = LINES.flatMap(({ kind, say }) => {
    const count = counts[kind] ?? 0;
    return count > 0 ? [say(count)] : [];
  });
  const reasons = [...(counts.finishes ?? [])].map(([reason, count]) => `${reason} (${count})`);
  return reasons.length === 0 ? lines : [...lines, `${FINISHES}${reasons.join(', ')}`];
}

/**
 * The notes of all parts of a run as those of one: what was counted in each is added up, and what several say is said once.
 * A summary.json without its samples tells its counts in its notes alone, so they are read from there.
 */
export function mergeNotes(notes: readonly string[]): string[] {
  const sums = new Map<Counted, number>();
  const finishes = new Map<string, number>();
  const iterationsByRows = new Map<number, number>();
  const others = new Set<string>();
  for (const note of notes) {
    const line = LINES.find(({ pattern }) => pattern.test(note));
    const repeated = readRepeatedRows(note);
    if (repeated !== null) {
      const { iterations, rows } = repeated;
      iterationsByRows.set(rows, (iterationsByRows.get(rows) ?? 0) + iterations);
    } else if (line !== undefined) {
      const count = Number(line.pattern.exec(note)?.[1] ?? 1);
      sums.set(line.kind, (sums.get(line.kind) ?? 0) + count);
    } else if (note.startsWith(FINISHES)) {
      for (const [, reason = '', count] of note.slice(FINISHES.length).matchAll(/(.+?) \((\d+)\)(?:, |$)/g))
        finishes.set(reason, (finishes.get(reason) ?? 0) + Number(count));
    } else others.add(note);
  }
  const repeats = [...iterationsByRows].map(([rows, iterations]) => writeRepeatedRows({ iterations, rows }));
  return [...others, ...repeats, ...fileNotes({ ...Object.fromEntries(sums), finishes })];
}
