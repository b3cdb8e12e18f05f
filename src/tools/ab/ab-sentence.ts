import { amount } from './amount.ts';
import type { ProviderDifference } from './compare-pairs.ts';
import { PAIR_MEASURES } from './pair-measure.ts';

export type ComparedProviders = {
  names: readonly string[];
  differences: readonly ProviderDifference[];
  pairs: number;
};

/** Speed is told by the first token where streams show it. */
const SPEED = ['ttft_ms', 'latency_ms'];
const MONEY = 'usd_per_1k_requests';
const SUCCESS = 'success';

function speedOf({ differences }: Pick<ComparedProviders, 'differences'>): string {
  return SPEED.find((name) => differences.some(({ measure }) => measure === name)) ?? '';
}

/** What a manager reads. */
export function sentenceOf(compared: ComparedProviders & { failed: readonly string[] }): string {
  const { names, differences, pairs, failed } = compared;
  const aspects = [
    { measure: speedOf(compared), adjective: 'the fastest', comparative: 'faster' },
    { measure: MONEY, adjective: 'the cheapest', comparative: 'cheaper' },
    { measure: SUCCESS, adjective: 'the most successful', comparative: 'more successful' },
  ];
  const clauses = aspects.flatMap((aspect) => clauseOf(compared, aspect) ?? []);
  const others = otherWinners(
    differences,
    aspects.map(({ measure }) => measure),
  );
  const left = failed.length === 0 ? '' : ` ${failed.join(', ')} failed at the start and was left out.`;
  const of = `in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of answers`;
  if (clauses.length > 0) return `${clauses.join('; ')}, ${of}.${left}`;
  if (differences.every(({ low }) => low === null))
    return `Nobody can tell yet: ${pairs} pairs are too few for any difference between ${listed(names)}.${left}`;
  const small = others === null ? '' : `; ${others}`;
  return `No difference beyond noise between ${listed(names)} in speed, price or success${small}, ${of}.${left}`;
}

/** `alpha is faster (first token, median 16 ms less, 12 to 20)`; null where nobody stands out. */
function clauseOf(
  { names, differences }: ComparedProviders,
  { measure, adjective, comparative }: { measure: string; adjective: string; comparative: string },
): string | null {
  const own = differences.filter((difference) => difference.measure === measure);
  const winner = names.find((name) => {
    const against = own.filter(({ first, second }) => first === name || second === name);
    return against.length === names.length - 1 && against.every(({ better }) => better === name);
  });
  if (winner === undefined) return null;
  const [only] = own;
  if (names.length > 2 || only === undefined) return `${winner} is ${adjective} beyond noise`;
  return `${winner} is ${comparative} (${describe(only)})`;
}

/** `first token, median: 16 ms less, between 12 and 20 ms`. */
function describe({ measure, unit, difference, low, high, better, second }: ProviderDifference): string {
  const words = PAIR_MEASURES.find(({ name }) => name === measure)?.words ?? measure;
  const [near, far] = [low ?? 0, high ?? 0].toSorted((one, other) => Math.abs(one) - Math.abs(other));
  const isMore = (better === second) === difference > 0;
  return `${words} ${amount(difference, unit)} ${isMore ? 'more' : 'less'}, ${amount(near ?? 0, unit)} to ${amount(far ?? 0, unit)}`;
}

/** Differences in what is no headline: a tail, a price of good answers. */
function otherWinners(
  differences: readonly ProviderDifference[],
  headlines: readonly string[],
): string | null {
  const found = differences.filter(({ measure, better }) => better !== null && !headlines.includes(measure));
  if (found.length === 0) return null;
  return found.map((one) => `${one.better ?? ''} is better in ${describe(one)}`).join('; ');
}

/** What the cheaper or the faster of each two costs in the other. */
export function tradeOffs(compared: ComparedProviders): string[] {
  const { names, differences } = compared;
  const speed = speedOf(compared);
  return names.flatMap((first, at) =>
    names.slice(at + 1).flatMap((second) => {
      const between = (measure: string): ProviderDifference | undefined =>
        differences.find((one) => one.measure === measure && one.first === first && one.second === second);
      return tradeOff([first, second], { speed: between(speed), money: between(MONEY) });
    }),
  );
}

function tradeOff(
  [first, second]: readonly [string, string],
  { speed, money }: { speed: ProviderDifference | undefined; money: ProviderDifference | undefined },
): string[] {
  const [faster, cheaper] = [speed?.better ?? null, money?.better ?? null];
  const otherOf = (name: string): string => (name === first ? second : first);
  const sooner = speed === undefined ? '' : amount(speed.difference, speed.unit);
  const saved = money === undefined ? '' : `${amount(money.difference, money.unit)} per 1,000 requests`;
  if (faster === null && cheaper === null) return [];
  if (faster === cheaper && faster !== null)
    return [`${faster} is both faster than ${otherOf(faster)}, by ${sooner}, and cheaper, by ${saved}`];
  if (faster !== null && cheaper !== null)
    return [`${cheaper} saves ${saved} against ${faster}, and costs ${sooner} of time`];
  if (cheaper !== null) {
    const time =
      speed === undefined || speed.low === null
        ? 'what it costs in time nobody can tell yet'
        : `costs no time beyond noise (${amount(speed.low, speed.unit)} to ${amount(speed.high, speed.unit)})`;
    return [`${cheaper} saves ${saved} against ${otherOf(cheaper)}; ${time}`];
  }
  const winner = faster ?? first;
  const price =
    money === undefined
      ? 'what it costs nobody knows, as one of them has no price'
      : money.low === null
        ? 'what it costs nobody can tell yet'
        : 'it costs no more beyond noise';
  return [`${winner} is faster than ${otherOf(winner)} by ${sooner}; ${price}`];
}

function listed(names: readonly string[]): string {
  return names.length < 3
    ? names.join(' and ')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}
