import { readNumber } from '../cli/read-number.ts';
import { UsageError } from '../cli/define-command.ts';

/** How many requests a day there are, and who says so. */
export type DailyVolume = { requestsPerDay: number; words: string };

/** What is counted by where nobody says how many there are. */
const UNIT_PER_DAY = 1000;

const MOST = 1e12;

/**
 * Reads `--requests-per-day`, or `--users` with `--per-user-per-day`.
 *
 * @throws UsageError for one without the other, and for both ways at once.
 */
export function readDailyVolume(values: {
  'requests-per-day'?: string;
  users?: string;
  'per-user-per-day'?: string;
}): DailyVolume {
  const { 'requests-per-day': requests, users, 'per-user-per-day': perUser } = values;
  if (requests !== undefined && (users !== undefined || perUser !== undefined)) {
    const got = users === undefined ? '--per-user-per-day' : '--users';
    throw new UsageError(
      `--requests-per-day: got it with ${got}; expected one of the two ways; write --requests-per-day 10000`,
    );
  }
  if ((users === undefined) !== (perUser === undefined)) {
    const [got, missing] =
      users === undefined ? ['--per-user-per-day', '--users'] : ['--users', '--per-user-per-day'];
    throw new UsageError(`${got}: got no ${missing}; expected both; write --users 200 --per-user-per-day 30`);
  }
  if (users !== undefined && perUser !== undefined) {
    const people = positive('--users', users, 200);
    const each = positive('--per-user-per-day', perUser, 30);
    return { requestsPerDay: people * each, words: `${people} users with ${each} requests a day each` };
  }
  if (requests === undefined) {
    return { requestsPerDay: UNIT_PER_DAY, words: '1000 requests a day, as nobody said how many there are' };
  }
  const requestsPerDay = positive('--requests-per-day', requests, 10_000);
  return { requestsPerDay, words: `${requestsPerDay} requests a day` };
}

function positive(flag: string, text: string, example: number): number {
  return readNumber(flag, text, { fallback: example, min: 0.001, max: MOST, fraction: true });
}
