import type { TimeColumn } from './choose-columns.ts';
import type { Trace } from './trace.ts';

const UNITS: Readonly<Record<TimeColumn['unit'], string>> = {
  date: 'as dates',
  sec: 'in seconds',
  ms: 'in milliseconds',
};

/** What a trace was taken for, in one line. */
export function describeTrace({ columns, requests }: Pick<Trace, 'columns' | 'requests'>): string {
  const { form, clock, blockTokens, chats } = columns;
  const all = requests.flatMap((request) => [request, ...request.later]);
  const hashed = all.filter(({ blocks }) => blocks !== null && blocks.length > 0).length;
  const later = all.length - requests.length;
  const prefixes =
    blockTokens === null ? '' : `, prefixes of ${hashed} requests by hash_ids, ${blockTokens} tokens each`;
  const conversations =
    chats === null || later === 0
      ? ''
      : `, ${later} of ${all.length} requests go on from an earlier one by ${chats.parent}`;
  return `read as ${form}, ${clock.column} ${UNITS[clock.unit]}${prefixes}${conversations}`;
}
