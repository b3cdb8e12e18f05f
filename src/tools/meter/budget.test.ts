import { describe, expect, test } from 'vitest';
import { type Attempt, type ErrorKind, UNKNOWN_USAGE } from '../../lib/answer/attempt.ts';
import type { Price } from '../../lib/money/price.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import { chargeFor } from '../../lib/money/price.ts';
import { worstCaseUsd } from '../../lib/money/worst-case.ts';
import { Budget } from './budget.ts';
import { type Ledger, OwnLedger } from './ledger.ts';
import { channelPair } from '../../../test/support/channel-pair.ts';
import { Peer } from './workers/peer.ts';
import { ledgerHandlers, SharedLedger } from './workers/shared-ledger.ts';

const PRICE: Price = {
  input: 1,
  cachedInput: 0.1,
  cacheWrite: null,
  output: 10,
  tiers: [],
  source: 'test',
  date: '2026-01-01',
};

const PRICING: Pricing = {
  warnings: [],
  priceOf: (model) => (model === 'm' ? { name: 'm', price: PRICE } : null),
  priceFor: (asked) => PRICING.priceOf(asked),
  isOtherPrice: () => false,
  costUsd: ({ usage, model }) => {
    const charge = chargeFor(usage, PRICE);
    if (charge === null) return { kind: 'usage-missing' };
    return model === 'm' ? { kind: 'priced', ...charge, model } : { kind: 'unpriced' };
  },
};

const FACTS = {
  model: 'm',
  stream: true,
  maxInputTokens: 1000,
  maxOutputTokens: 100,
  asked: { hourCache: false, serviceTier: false },
  items: null,
};
/** 1,000 x $1 and 100 x $10 a million. */
const WORST_USD = 0.002;

function attempt(over: Partial<Attempt>): Attempt {
  return {
    status: 200,
    outcome: { kind: 'ok' },
    ttfbMs: null,
    ttftMs: null,
    ttfoMs: null,
    lastOutputMs: null,
    endMs: 1,
    stallMs: null,
    gapsMs: null,
    chunks: 1,
    bufferedByProxy: false,
    pace: 'seen',
    rates: [],
    warnings: [],
    usage: UNKNOWN_USAGE,
    answeredModel: null,
    finishReason: null,
    reportedCostUsd: null,
    reported: null,
    retryAfterMs: null,
    connectMs: null,
    hopMs: null,
    rateLimitRemaining: [],
    ...over,
  };
}

const NETWORK = {
  kind: 'failed',
  error: 'network',
  message: '',
  retryable: true,
  partialOutput: false,
} as const;

/** A ledger as one of several meters sees it: every entry goes to another process and back. */
function sharedLedger(limitUsd: number): { own: OwnLedger; seen: Ledger } {
  const own = new OwnLedger(limitUsd);
  const { near, far } = channelPair();
  void new Peer(far, ledgerHandlers(own));
  return { own, seen: new SharedLedger(new Peer(near, new Map())) };
}

function ownLedger(limitUsd: number): { own: OwnLedger; seen: Ledger } {
  const own = new OwnLedger(limitUsd);
  return { own, seen: own };
}

describe.each([
  ['of its own', ownLedger],
  ['shared with other meters', sharedLedger],
])('a budget with a ledger %s is never passed', (_, open) => {
  test('with any number in flight: what is spent and set aside stays under it', async () => {
    const { own, seen } = open(WORST_USD * 10.5);
    const budget = new Budget(seen, PRICING);
    const answers = await Promise.all(Array.from({ length: 100 }, async () => budget.reserve(FACTS)));
    const kinds = answers.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(10);
    expect(kinds.indexOf('refused')).toBe(10);
    expect(own.figures).toMatchObject({ refused: 90, spentUsd: 0 });
    expect(own.figures.reservedUsd).toBeCloseTo(WORST_USD * 10, 12);
    expect(budget.figures).toEqual(own.figures);
  });

  test('what was not used is free again', async () => {
    const { own, seen } = open(WORST_USD * 1.5);
    const budget = new Budget(seen, PRICING);
    const usage = { ...UNKNOWN_USAGE, inputTokens: 10, outputTokens: 1 };
    for (let count = 0; count < 100; count += 1) {
      const before = own.figures.spentUsd;
      expect(await budget.reserve(FACTS)).toEqual({ kind: 'reserved', worstUsd: WORST_USD });
      expect(await budget.reserve(FACTS)).toMatchObject({ kind: 'refused' });
      budget.settle(WORST_USD, { model: 'm', attempt: attempt({ usage }), written: true });
      await expect.poll(() => own.figures.spentUsd, { interval: 1 }).toBeGreaterThan(before);
      if (own.figures.spentUsd + WORST_USD > WORST_USD * 1.5) break;
    }
    expect(own.figures.spentUsd).toBeLessThanOrEqual(WORST_USD * 1.5);
    expect(own.figures.reservedUsd).toBe(0);
  });

  test.each([
    ['no price', { ...FACTS, model: 'other' }, /has no price/],
    ['no limit of output', { ...FACTS, maxOutputTokens: null }, /no limit of output tokens/],
  ])('what has no bound is refused: %s', async (__, facts, reason) => {
    const { own, seen } = open(1000);
    const answer = await new Budget(seen, PRICING).reserve(facts);
    expect(answer.kind === 'refused' ? answer.reason : '').toMatch(reason);
    await expect.poll(() => own.figures.refused).toBe(1);
  });
});

describe('what a request is charged', () => {
  const usage = { ...UNKNOWN_USAGE, inputTokens: 100, outputTokens: 10 };
  const failed = (error: ErrorKind, over: Partial<Attempt> = {}): Attempt =>
    attempt({ status: 0, outcome: { ...NETWORK, error }, ...over });
  test.each<[string, Attempt | null, number]>([
    ['its usage', attempt({ usage }), 0.0002],
    ["the relay's figure where that is higher", attempt({ usage, reportedCostUsd: 0.0009 }), 0.0009],
    ['its worst case when the tokens are unknown', attempt({}), WORST_USD],
    ['its worst case when nobody waited', null, WORST_USD],
    ['its worst case after a reset', failed('network'), WORST_USD],
    ['its worst case after a time-out', failed('timeout'), WORST_USD],
    ['its worst case when a gateway gave up', failed('timeout', { status: 504 }), WORST_USD],
    ['its worst case when the server failed', failed('server', { status: 500 }), WORST_USD],
    ['its worst case for 408', failed('timeout', { status: 408 }), WORST_USD],
    ['its worst case when it broke off, whatever it had told', failed('truncated', { usage }), WORST_USD],
    ['the tokens of an answer that ends in an error', failed('stream_error', { usage }), 0.0002],
    ['nothing when the server refused it', failed('rate_limited', { status: 429 }), 0],
    ['nothing when it sent us elsewhere', failed('bad_request', { status: 307 }), 0],
    ['what a refusal reports', failed('bad_request', { status: 400, reportedCostUsd: 0.0001 }), 0.0001],
  ])('%s', (_, given, costUsd) => {
    const ledger = new OwnLedger(1);
    const budget = new Budget(ledger, PRICING);
    budget.reserve(FACTS);
    budget.settle(WORST_USD, { model: 'm', attempt: given, written: true });
    expect(ledger.figures.spentUsd).toBeCloseTo(costUsd, 12);
    expect(ledger.figures.reservedUsd).toBe(0);
  });
});

test('what was never written costs nothing', () => {
  const budget = new Budget(new OwnLedger(1), PRICING);
  for (const given of [null, attempt({ status: 0, outcome: NETWORK })]) {
    budget.reserve(FACTS);
    budget.settle(WORST_USD, { model: 'm', attempt: given, written: false });
  }
  expect(budget.figures).toMatchObject({ spentUsd: 0, reservedUsd: 0, chargedAtWorst: 0 });
});

describe('the worst case', () => {
  const tier = { input: 2, cachedInput: null, cacheWrite: null, output: 15, aboveInputTokens: 500 };
  test.each([
    ['flat', PRICE, 0.002],
    ['cache writes dearer than input', { ...PRICE, cacheWrite: 3 }, 0.004],
    ['a tier that may be reached', { ...PRICE, tiers: [tier] }, 0.0035],
    ['a tier out of reach', { ...PRICE, tiers: [{ ...tier, aboveInputTokens: 1000 }] }, 0.002],
  ])('%s', (_, price, worstUsd) => expect(worstCaseUsd(price, 1000, 100)).toBeCloseTo(worstUsd, 12));

  test('asked for, a cache of an hour and a tier of service are a part of the worst case', () => {
    const price: Price = { ...PRICE, serviceTiers: { priority: 2, flex: 0.5 } };
    const none = { hourCache: false, serviceTier: false };
    expect(worstCaseUsd(price, 1000, 100, none)).toBeCloseTo(WORST_USD, 12);
    expect(worstCaseUsd(price, 1000, 100, { ...none, hourCache: true })).toBeCloseTo(0.003, 12);
    expect(worstCaseUsd(price, 1000, 100, { ...none, serviceTier: true })).toBeCloseTo(0.004, 12);
  });
});
