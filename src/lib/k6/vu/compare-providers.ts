import exec from 'k6/execution';
import { createUnitStream } from '../../numbers/random.ts';
import { shuffled } from '../../numbers/shuffled.ts';
import type { ProviderEntry } from '../../settings/provider-entries.ts';
import type { VuSettings } from '../../settings/settings.ts';
import { control, secretKeys } from '../parts.ts';
import { ownPrices } from './own-prices.ts';
import { createChat } from './chat.ts';
import { createVu, think, type Vu } from './vu.ts';
import type { VuProvider } from './setup-data.ts';
import { pricingFrom } from './vu-pricing.ts';

/** One VU has one of these modules. */
let sides: readonly Vu[] | null = null;
let orderUnit: ((index: number) => number) | null = null;

/**
 * One iteration of `ab`: its prompt goes to every provider, one after the other, in an order drawn from the seed, so
 * that whatever changes meanwhile changes for all. The pair's number goes into each sample, and into k6's JSON output.
 */
export function compareProviders(vu: Vu): void {
  sides ??= sidesOf(vu);
  const unit = (orderUnit ??= createUnitStream(vu.run.settings.seed, 'order'));
  const { iteration } = vu;
  exec.vu.metrics.metadata['pair'] = String(iteration);
  const first = iteration * sides.length;
  for (const side of shuffled(sides, (index) => unit(first + index))) {
    Object.assign(side, { iteration, pair: iteration, prompted: 0 });
    const chat = createChat(side, { model: side.model, opening: [] });
    // A user pauses between turns, and once for the answers of all.
    for (let turn = chat.next(); turn !== null; turn = chat.next()) {
      if (side.run.settings.turns > 1) think(side);
    }
  }
  if (vu.run.settings.turns === 1) think(vu);
}

/** Those that preflight left in the run. */
function sidesOf({ run, setup, tagged }: Vu): Vu[] {
  const { providers, providerFile } = run;
  const entries = providerFile?.entries ?? [];
  return (providers ?? []).flatMap((provider, index) => {
    const ready = setup.providers?.find(({ name }) => name === provider.name);
    const entry = entries[index];
    if (ready === undefined || entry === undefined) return [];
    const pricesText = ownPrices(entry, providerFile?.pricesText(index) ?? null);
    const own = settingsFor(provider, entries, index);
    const preset = { ...own, provider: { ...own.provider, name: entry.preset ?? 'custom' } };
    const pricing = pricingFrom(provider.prices, preset, pricesText);
    const ownRun = { ...run, settings: own, pricing };
    const ownSetup = { ...setup, adaptations: ready.adaptations };
    const options = { apiKey: keyOf(entry, own), wantsText: false };
    // All of them tag one VU's samples.
    return [{ ...createVu(ownRun, ownSetup, options), model: provider.model, tagged }];
  });
}

/** From setup's word; headers, and an address that holds a secret, from this VU's own environment. */
function settingsFor(
  { name, settings }: VuProvider,
  entries: readonly ProviderEntry[],
  index: number,
): VuSettings {
  const known = { ...settings, extraHeaders: entries[index]?.headers ?? {} };
  if (known.endpoints.root !== '') return known;
  const own = control().providerSettings(entries, index);
  return { ...own, provider: { ...own.provider, name } };
}

/** Setup saw that it is there, where one is wanted; a meter holds its own. */
function keyOf({ keyVariable }: ProviderEntry, { transport, provider }: VuSettings): string | null {
  const variable = keyVariable ?? provider.keyVariable;
  if (transport === 'meter' || variable === null) return null;
  return secretKeys().readApiKey({ [variable]: __ENV[variable] }, { keyVariable: variable });
}
