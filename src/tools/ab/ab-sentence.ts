import { amount } from './amount.ts';
import type { ProviderDifference } from './compare-pairs.ts';
import { PAIR_MEASURES, SUCCESS, USD_PER_1K, USD_PER_GOOD } from './pair-measure.ts';

export type ComparedProviders = {
  names: readonly string[];
  differences: readonly ProviderDifference[];
  pairs: number;
};

/** Speed is told by the first token where streams show it. */
const SPEED = ['ttft_ms', 'latency_ms'];

function speedOf({ differences }: Pick<ComparedProviders, 'differences'>): string {
  return SPEED.find((name) => differences.some(({ measure }) => measure === name)) ?? '';
}

/** What a manager reads. */
export function abSentence(compared: ComparedProviders & { failed: readonly string[] }): string {
  const { names, differences, pairs, failed } = compared;
  const aspects = [
    { measure: speedOf(compared), adjective: 'the fastest', comparative: 'faster' },
    { measure: USD_PER_1K, adjective: 'the cheapest', comparative: 'cheaper' },
    { measure: SUCCESS, adjective: 'the most successful', comparative: 'more successful' },
  ];
  const clauses = aspects.flatMap((aspect) => clausesOf(compared, aspect));
  const others = otherWinners(
    compared,
    aspects.map(({ measure }) => measure),
  );
  const left = failed.length === 0 ? '' : ` ${failed.join(', ')} failed at the start and was left out.`;
  const of = `in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of answers`;
  if (clauses.length > 0) return `${clauses.join('; ')}, ${of}.${left}`;
  if (differences.every(({ low }) => low === null))
    return `Nobody can tell yet: ${pairs} pairs are too few for any difference between ${listed(names)}.${left}`;
  if (others !== null) return `${others}, ${of}.${left}`;
  return `No difference beyond noise between ${listed(names)} in speed, price or success, ${of}.${left}`;
}

type Aspect = { measure: string; adjective: string; comparative: string };

/** `alpha is faster (first token 16 ms less, 12 to 20)`, or who beats whom; none where nobody stands out. */
function clausesOf({ names, differences }: ComparedProviders, { measure, ...words }: Aspect): string[] {
  const own = differences.filter((difference) => difference.measure === measure);
  const beatenBy = (name: string): string[] =>
    own.flatMap((one) => {
      const winner = winnerOf(one, differences);
      return winner !== null && winner !== name && (one.first === name || one.second === name)
        ? [winner]
        : [];
    });
  const best = names.find((name) => names.every((other) => other === name || beatenBy(other).includes(name)));
  const [only] = own;
  if (best !== undefined && names.length === 2 && only !== undefined)
    return [`${best} is ${words.comparative} (${describe(only)})`];
  if (best !== undefined) return [`${best} is ${words.adjective} beyond noise`];
  return names.flatMap((name) => {
    const winners = beatenBy(name);
    if (winners.length === 0) return [];
    return [`${listed(winners)} ${winners.length === 1 ? 'is' : 'are'} ${words.comparative} than ${name}`];
  });
}

/** Who fails more pays less for what was sent: cheaper is who is so for a good answer, too. */
function winnerOf(
  { measure, first, second, better }: ProviderDifference,
  differences: readonly ProviderDifference[],
): string | null {
  if (measure !== USD_PER_1K) return better;
  const perGood = differences.find(
    (one) => one.measure === USD_PER_GOOD && one.first === first && one.second === second,
  );
  return perGood?.better === better ? better : null;
}

/** `first token 16 ms less, 12 ms to 20 ms`. */
function describe({ measure, unit, difference, low, high, better, second }: ProviderDifference): string {
  const words = PAIR_MEASURES.find(({ name }) => name === measure)?.words ?? measure;
  const isMore = (better === second) === difference > 0;
  const size = `${words} ${amount(difference, unit)} ${isMore ? 'more' : 'less'}`;
  if (low === null || high === null) return `${size}, how much more nobody can tell`;
  const [near, far] = [low, high].toSorted((one, other) => Math.abs(one) - Math.abs(other));
  return `${size}, ${amount(near ?? 0, unit)} to ${amount(far ?? 0, unit)}`;
}

/** Differences in what is no headline: a tail, a price of good answers. */
function otherWinners(
  { names, differences }: ComparedProviders,
  headlines: readonly string[],
): string | null {
  const found = differences.filter((one) => one.better !== null && !headlines.includes(one.measure));
  if (found.length === 0) return null;
  const clauses = found.map((one) => {
    const other = one.better === one.first ? one.second : one.first;
    return `${one.better ?? ''} is better than ${other} in ${describe(one)}`;
  });
  return `No difference beyond noise between ${listed(names)} in speed, price or success; ${clauses.join('; ')}`;
}

/** What the cheaper or the faster of each two costs in the other. */
export function tradeOffs(compared: ComparedProviders): string[] {
  const { names, differences } = compared;
  const speed = speedOf(compared);
  return names.flatMap((first, at) =>
    names.slice(at + 1).flatMap((second) => {
      const between = (measure: string): ProviderDifference | undefined =>
        differences.find((one) => one.measure === measure && one.first === first && one.second === second);
      const money = between(USD_PER_1K);
      const cheaper = money === undefined ? null : winnerOf(money, differences);
      return tradeOff([first, second], { speed: between(speed), money, cheaper });
    }),
  );
}

type TradedMeasures = {
  speed: ProviderDifference | undefined;
  /** Of requests, whatever comes of them. */
  money: ProviderDifference | undefined;
  /** Whose good answers cost less, too; null: neither's. */
  cheaper: string | null;
};

function tradeOff(
  [first, second]: readonly [string, string],
  { speed, money, cheaper }: TradedMeasures,
): string[] {
  const faster = speed?.better ?? null;
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
        : money.better === null
          ? 'it costs no more beyond noise'
          : `${money.better} costs ${saved} less, and not less beyond noise for a good one`;
  return [`${winner} is faster than ${otherOf(winner)} by ${sooner}; ${price}`];
}

function listed(names: readonly string[]): string {
  return names.length < 3
    ? names.join(' and ')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}
