import type { Pricing } from '../money/pricing.ts';
import type { ProviderEntry } from '../settings/provider-entries.ts';
import type { Settings } from '../settings/settings.ts';

/** One provider of several, as a run against it alone would have it. */
export type AskedProvider = {
  name: string;
  model: string;
  settings: Settings;
  pricing: Pricing;
  /** As in the file; null: its preset's, or none. */
  keyVariable: string | null;
  /** null: it wants none, or a meter holds it. */
  key: () => string | null;
};

/** The file of providers, open. */
export type ProviderFile = {
  /** In the order of the file. */
  entries: readonly ProviderEntry[];
  /** The text of the prices of an entry, by its place; null without any of its own or the user's. */
  pricesText: (index: number) => string | null;
};
