/*
 * `k6-llm/prices`: the price table that runs are priced with, in Node.
 */
export { pricingFor } from '../tools/prices/settings-pricing.ts';
export type { Cost, PricedModel, PricedRequest, Pricing } from '../lib/money/pricing.ts';
export type { Price, Rates, Tier } from '../lib/money/price.ts';
export type { Usage } from '../lib/answer/attempt.ts';
