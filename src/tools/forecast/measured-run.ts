import { UNKNOWN_USAGE, type Usage } from '../../lib/answer/attempt.ts';
import { type Price, usdFor } from '../../lib/money/price.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import { parseSample } from '../../lib/samples/parse-sample.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { Block } from '../../lib/summary/summary.ts';
import { UsageError } from '../cli/define-command.ts';
import { readLines } from '../results/read/read-lines.ts';
import type { RunData } from '../results/read/run-data.ts';

/** Values added up; `squares` of null: single ones are not known. */
export type Spread = { count: number; sum: number; squares: number | null };

/** What requests of one model were, in a run that was measured. */
export type MeasuredModel = {
  /** As its users count them: retries are folded into the request that they repeat. */
  requests: number;
  /** Retries among them, each of which may cost money. */
  attempts: number;
  /** Attempts that told their tokens, or were not billed, and those tokens. */
  told: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  /** Dollars of each attempt of which they are known; null: of none, as it has no price. */
  usd: Spread | null;
  /** Attempts that cost nothing, since they failed; they are among the dollars that are known. */
  free: number;
  /** Attempts that may have cost money that nobody knows. */
  unknown: number;
  /** What of their dollars is the output's, by the table, of the attempts of which that is known. */
  outputUsd: Spread | null;
  /** Dollars as the run was charged and by the table of now, of the attempts that have both. */
  chargedUsd: number;
  tableUsd: number;
};

/** What a forecast is made from. */
export type MeasuredRun = {
  models: ReadonlyMap<string, MeasuredModel>;
  /** Of models that were not asked: each attempt's tokens at their prices; null for one without a price. */
  others: ReadonlyMap<string, Spread | null>;
  /** All models together. */
  whole: MeasuredModel;
  /** Single requests are known, so tiers of prices are applied to each. */
  bySingleRequests: boolean;
  /** Shares of cached input before and after the cache was filled, where only what came after is in all this; else null. */
  warmedUp: { coldRatio: number; warmRatio: number } | null;
};

export type MeasureOptions = {
  pricing: Pricing;
  /** Models of other mixes. */
  models: readonly string[];
  /** The user's prices of now are wanted, not those that the run was charged by. */
  repriced: boolean;
};

/**
 * Reads what a run's requests took and cost. The warm-up is left out; so is the first half of a run that filled the
 * provider's prompt cache meanwhile, as the requests that are forecast find it filled.
 *
 * @throws UsageError for a run without a finished request.
 */
export async function measureRun(run: RunData, options: MeasureOptions): Promise<MeasuredRun> {
  const measured =
    run.samplesPath === null
      ? ofBlocks(run.summary.models, options)
      : await ofSamples(run.samplesPath, options);
  if (measured.whole.requests > 0) return measured;
  throw new UsageError(
    `${run.label}: got no finished request to forecast from; expected a run that was answered; write k6-llm forecast --from results/soak`,
  );
}

function ofBlocks(models: Readonly<Record<string, Block>>, options: MeasureOptions): MeasuredRun {
  const adding = new Adding(options);
  for (const [model, block] of Object.entries(models)) adding.block(model, block);
  return { ...adding.result(), bySingleRequests: false, warmedUp: null };
}

async function ofSamples(file: string, options: MeasureOptions): Promise<MeasuredRun> {
  let count = 0;
  await eachSample(file, () => (count += 1));
  const [all, early, late] = [new Adding(options), new Adding(options), new Adding(options)];
  let at = 0;
  await eachSample(file, (sample) => {
    all.sample(sample);
    (at < count / 2 ? early : late).sample(sample);
    at += 1;
  });
  const [coldRatio, warmRatio] = [early, late].map((half) => cachedRatio(half.result().whole));
  const isFilled =
    coldRatio !== undefined &&
    warmRatio !== undefined &&
    count >= FEWEST_TO_HALVE &&
    warmRatio - coldRatio > FILLED_BY;
  return isFilled
    ? { ...steadied(late.result(), all.result()), bySingleRequests: true, warmedUp: { coldRatio, warmRatio } }
    : { ...all.result(), bySingleRequests: true, warmedUp: null };
}

type TokenTallies = Pick<MeasuredRun, 'models' | 'others' | 'whole'>;

/** A cache changes what input costs. How long answers are, all requests tell, and better than half of them. */
function steadied(late: TokenTallies, all: TokenTallies): TokenTallies {
  const models = [...late.models].map(([model, measured]): [string, MeasuredModel] => [
    model,
    withOutputOf(measured, all.models.get(model) ?? measured),
  ]);
  return { ...late, models: new Map(models), whole: withOutputOf(late.whole, all.whole) };
}

function withOutputOf(late: MeasuredModel, all: MeasuredModel): MeasuredModel {
  const tokens = (all.outputTokens / Math.max(1, all.told)) * late.told;
  const moreUsd = (meanOf(all.outputUsd) ?? 0) - (meanOf(late.outputUsd) ?? 0);
  if (late.outputUsd === null || late.usd === null) return { ...late, outputTokens: tokens };
  return { ...late, outputTokens: tokens, usd: shifted(late.usd, moreUsd) };
}

function meanOf(spread: Spread | null): number | null {
  return spread === null ? null : spread.sum / spread.count;
}

/** Each value a little larger. */
function shifted({ count, sum, squares }: Spread, by: number): Spread {
  return {
    count,
    sum: sum + count * by,
    squares: squares === null ? null : squares + 2 * by * sum + count * by * by,
  };
}

/** With fewer requests, half of them tell too little. */
const FEWEST_TO_HALVE = 40;
/** By so much the share of cached input differs between halves whose cache was being filled. */
const FILLED_BY = 0.05;

function cachedRatio({ cachedInputTokens, inputTokens }: MeasuredModel): number {
  return cachedInputTokens / Math.max(1, inputTokens);
}

/** Those of the warm-up are none. */
async function eachSample(file: string, take: (sample: SampleRecord) => void): Promise<void> {
  await readLines(file, (chunk, start, end) => {
    const record = parseSample(chunk.toString('utf8', start, end));
    if (record !== null && record.phase === 'main') take(record);
  });
}

class Adding {
  readonly #options: MeasureOptions;
  readonly #models = new Map<string, MeasuredModel>();
  readonly #others = new Map<string, KnownUsd>();
  readonly #whole = empty();

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  sample({ model, retry, costUsd, uncharged, ...record }: SampleRecord): void {
    const usage = usageOf(record);
    const table = this.#options.pricing.priceOf(model)?.price;
    const tableUsd = table === undefined ? null : usdFor(usage, table);
    const known = this.#options.repriced ? (tableUsd ?? costUsd) : (costUsd ?? tableUsd);
    const inputUsd = table === undefined ? null : usdFor({ ...usage, outputTokens: 0 }, table);
    const outputUsd = tableUsd === null || inputUsd === null ? null : tableUsd - inputUsd;
    // What told nothing and was not charged for was not billed.
    const isFree = known === null && uncharged === null;
    const usd = isFree ? 0 : known;
    for (const measured of [this.#of(model), this.#whole]) {
      measured.attempts += 1;
      if (retry === 0) measured.requests += 1;
      const isTold = usage.inputTokens !== null && usage.outputTokens !== null;
      if (isTold || usd === 0) addTokens(measured, usage, 1);
      if (usd === null) measured.unknown += 1;
      else measured.usd = plus(measured.usd, usd);
      if (isFree) measured.free += 1;
      if (usd !== null && outputUsd !== null) measured.outputUsd = plus(measured.outputUsd, outputUsd);
      if (costUsd !== null && tableUsd !== null) {
        measured.chargedUsd += costUsd;
        measured.tableUsd += tableUsd;
      }
    }
    for (const [other, price] of this.#otherPrices()) {
      const told = usdFor(usage, price);
      const isFreeToo = told === null && uncharged === null;
      const otherUsd = isFreeToo ? 0 : told;
      const { usd: before, free, unknown } = this.#others.get(other) ?? NOTHING_KNOWN;
      this.#others.set(other, {
        usd: otherUsd === null ? before : plus(before, otherUsd),
        free: free + (isFreeToo ? 1 : 0),
        unknown: unknown + (otherUsd === null ? 1 : 0),
      });
    }
  }

  /** A model of which only sums are known. */
  block(model: string, block: Block): void {
    const attempts = block.requestsFinished;
    if (attempts === 0) return;
    const told = Math.max(1, attempts - block.usageMissing);
    const usage = {
      ...UNKNOWN_USAGE,
      inputTokens: block.inputTokens / told,
      cachedInputTokens: block.cachedInputTokens / told,
      outputTokens: block.outputTokens / told,
    };
    const table = this.#options.pricing.priceOf(model)?.price;
    const tableUsd = table === undefined ? null : usdFor(usage, table);
    const chargedUsd = block.costUsd === null ? null : block.costUsd / told;
    const usd = this.#options.repriced ? (tableUsd ?? chargedUsd) : (chargedUsd ?? tableUsd);
    for (const measured of [this.#of(model), this.#whole]) {
      measured.attempts += attempts;
      measured.requests += attempts - block.retries;
      addTokens(measured, usage, told);
      measured.unknown += usd === null ? attempts : block.usageMissing;
      if (usd !== null) measured.usd = times(measured.usd, usd, told);
      if (chargedUsd !== null && tableUsd !== null) {
        measured.chargedUsd += chargedUsd * told;
        measured.tableUsd += tableUsd * told;
      }
    }
    for (const [other, price] of this.#otherPrices()) {
      const otherUsd = usdFor(usage, price);
      const before = this.#others.get(other) ?? NOTHING_KNOWN;
      if (otherUsd !== null) this.#others.set(other, { ...before, usd: times(before.usd, otherUsd, told) });
    }
  }

  result(): Pick<MeasuredRun, 'models' | 'others' | 'whole'> {
    const others = this.#options.models.filter((model) => !this.#models.has(model));
    return {
      models: new Map([...this.#models].map(([model, one]) => [model, { ...one, usd: usdOfAll(one) }])),
      others: new Map(others.map((model) => [model, usdOfAll(this.#others.get(model) ?? NOTHING_KNOWN)])),
      whole: { ...this.#whole, usd: usdOfAll(this.#whole) },
    };
  }

  #of(model: string): MeasuredModel {
    const known = this.#models.get(model) ?? empty();
    this.#models.set(model, known);
    return known;
  }

  #otherPrices(): [string, Price][] {
    const { models, pricing } = this.#options;
    return models.flatMap((model) => {
      const price = pricing.priceOf(model)?.price;
      return price === undefined ? [] : [[model, price] satisfies [string, Price]];
    });
  }
}

type KnownUsd = Pick<MeasuredModel, 'usd' | 'free' | 'unknown'>;

const NOTHING_KNOWN: KnownUsd = { usd: null, free: 0, unknown: 0 };

/**
 * Dollars of all attempts: those that nobody knows cost what the charged ones do, and never nothing, as failures do. null:
 * of no charged one are they known.
 */
function usdOfAll({ usd, free, unknown }: KnownUsd): Spread | null {
  if (usd === null || unknown === 0) return usd;
  const charged = usd.count - free;
  if (charged <= 0) return null;
  const weight = ((charged + unknown) * usd.count) / ((usd.count + unknown) * charged);
  return {
    count: usd.count,
    sum: usd.sum * weight,
    squares: usd.squares === null ? null : usd.squares * weight,
  };
}

function empty(): MeasuredModel {
  return {
    requests: 0,
    attempts: 0,
    told: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    usd: null,
    free: 0,
    unknown: 0,
    outputUsd: null,
    chargedUsd: 0,
    tableUsd: 0,
  };
}

function usageOf(
  record: Pick<SampleRecord, 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens'>,
): Usage {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = record;
  return { ...UNKNOWN_USAGE, inputTokens, cachedInputTokens, outputTokens, reasoningTokens };
}

function addTokens(measured: MeasuredModel, usage: Usage, count: number): void {
  measured.told += count;
  measured.inputTokens += (usage.inputTokens ?? 0) * count;
  measured.cachedInputTokens += (usage.cachedInputTokens ?? 0) * count;
  measured.outputTokens += (usage.outputTokens ?? 0) * count;
}

function plus(spread: Spread | null, value: number): Spread {
  const { count, sum, squares } = spread ?? { count: 0, sum: 0, squares: 0 };
  return {
    count: count + 1,
    sum: sum + value,
    squares: squares === null ? null : squares + value * value,
  };
}

/** So many of one mean. */
function times(spread: Spread | null, mean: number, count: number): Spread {
  return { count: (spread?.count ?? 0) + count, sum: (spread?.sum ?? 0) + mean * count, squares: null };
}
