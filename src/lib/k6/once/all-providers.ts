import type { PlannedPart } from '../../plan/planned-parts.ts';
import type { Pricing } from '../../money/pricing.ts';
import type { Environment } from '../../settings/api-key.ts';
import type { Settings } from '../../settings/settings.ts';
import type { AskedProvider } from '../provider-file.ts';

/** The name of the target where there are several: no request has it. */
const SEVERAL = 'several';

/** An environment whose one target, which is not asked, is none that could be wrong. */
export function withoutTarget(env: Environment): Environment {
  return { ...env, LLM_PROVIDER: '', LLM_BASE_URL: '', LLM_MIX: '' };
}

/** The settings of a run that asks all of them: they stand in the mix by their names, each as often as the others. */
export function settingsOfAll(providers: readonly AskedProvider[], common: Settings): Settings {
  const [first] = providers;
  if (first === undefined) return common;
  const { endpoints, provider } = first.settings;
  return {
    ...first.settings,
    extraBody: common.extraBody,
    mix: providers.map(({ name, settings: { kind } }) => ({
      model: name,
      weight: 1,
      shareRatio: 1 / providers.length,
      kind,
    })),
    provider: {
      ...provider,
      name: SEVERAL,
      startCommand: null,
      kinds: [...new Set(providers.map(({ settings }) => settings.kind))],
    },
    endpoints: {
      ...endpoints,
      displayUrl: providers.map(({ settings }) => settings.endpoints.displayUrl).join(', '),
    },
    resolved: {
      ...common.resolved,
      LLM_PROVIDER: '',
      LLM_BASE_URL: '',
      LLM_MIX: modelsOf(providers).join(','),
    },
  };
}

/** Each model once. */
export function modelsOf(providers: readonly AskedProvider[]): string[] {
  return [...new Set(providers.map(({ model }) => model))];
}

/** Prices by the name of a provider, in place of a model's. */
export function pricingOfAll(providers: readonly AskedProvider[]): Pricing {
  const of = (name: string): AskedProvider | undefined => providers.find((one) => one.name === name);
  const priceOf = (name: string): ReturnType<Pricing['priceOf']> => {
    const provider = of(name);
    return provider === undefined ? null : provider.pricing.priceOf(provider.model);
  };
  return {
    warnings: providers.flatMap(({ pricing }) => pricing.warnings),
    priceOf,
    priceFor: priceOf,
    isOtherPrice: () => false,
    costUsd: ({ model: name, ...request }) => {
      const provider = of(name);
      if (provider === undefined) return { kind: 'unpriced' };
      return provider.pricing.costUsd({ ...request, model: provider.model });
    },
  };
}

/** A user pauses once for the answers of all. */
export function sharingPause(part: PlannedPart, count: number): PlannedPart {
  const { load } = part;
  if (load.kind !== 'closed') return part;
  return { ...part, load: { ...load, thinkTimeMeanMs: load.thinkTimeMeanMs / Math.max(1, count) } };
}
