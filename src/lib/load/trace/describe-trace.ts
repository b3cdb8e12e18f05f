import type { TimeColumn } from './choose-columns.ts';
import type { Trace } from './trace.ts';

const UNITS: Readonly<Record<TimeColumn['unit'], string>> = {
  date: 'as dates',
  sec: 'in seconds',
  ms: 'in milliseconds',
};

/** What a trace was taken for, in one line. */
export function describeTrace({ columns, requests }: Pick<Trace, 'columns' | 'requests'>): string {
  const { form, clock, blockTokens } = columns;
  const hashed = requests.filter(({ blocks }) => blocks !== null && blocks.length > 0).length;
  const prefixes =
    blockTokens === null ? '' : `, prefixes of ${hashed} requests by hash_ids, ${blockTokens} tokens each`;
  return `read as ${form}, ${clock.column} ${UNITS[clock.unit]}${prefixes}`;
}
