/** A row that was left out of a data set or a trace, and why. */
export type Skip = {
  /** Its number in the file, from 1: the line where it starts, or its place in a JSON array. */
  row: number;
  /** For people; holds no text of the row. */
  reason: string;
};

/** Rows left out: all are counted, the first few kept as examples. */
export type SkipLog = { count: number; examples: Skip[] };

const MAX_EXAMPLES = 5;

/** An empty log. */
export function createSkipLog(): SkipLog {
  return { count: 0, examples: [] };
}

/** Counts a row that is left out. */
export function skip(log: SkipLog, row: number, reason: string): void {
  log.count++;
  if (log.examples.length < MAX_EXAMPLES) log.examples.push({ row, reason });
}

/** One line for people, `3 rows left out (line 2: not JSON; …)`; empty when none was. */
export function describeSkips(log: SkipLog, rowUnit: 'line' | 'element'): string {
  if (log.count === 0) return '';
  const examples = log.examples.map(({ row, reason }) => `${rowUnit} ${row}: ${reason}`).join('; ');
  const more = log.count > log.examples.length ? '; …' : '';
  return `${log.count} ${log.count === 1 ? 'row' : 'rows'} left out (${examples}${more})`;
}
