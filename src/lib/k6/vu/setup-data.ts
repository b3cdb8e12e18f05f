import type { Adaptation } from '../../request/build-body.ts';
import type { SetupRecord } from '../../summary/setup-record.ts';
import type { Slo } from '../../figures/slo.ts';
import type { PackedStages } from '../../load/due.ts';
import type { Load } from '../../load/load.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { PricedModel } from '../../money/pricing.ts';
import type { PlannedStep } from '../../plan/planned-steps.ts';
import type { SpikeTimes } from '../../plan/spike-times.ts';
import type { Task } from '../../prompts/tasks.ts';
import type { VuSettings } from '../../settings/settings.ts';

/** Where each VU finds the key. */
export type KeySource = 'environment' | 'secrets' | 'none';

/** What `setup()` returns. Never the key: k6 writes it into summaries. */
export type SetupData = {
  record: SetupRecord;
  /** Why there is to be no load; null: there is. The first iteration ends the run with it. */
  stopped: string | null;
  /** What the scenario's own `prepare` returned, as JSON; left out without one. */
  prepared?: string;
  /**
   * `VuSetup` as JSON. k6 takes an object apart for every VU when the load begins, and makes an object anew
   * whenever a script looks into it; a text it hands over as it is.
   */
  vuSetup: string;
};

/** What setup tells the VUs. */
export type VuSetup = {
  /** On the run's clock. */
  loadStartsAtMs: number;
  /** The tag `start` of a run of steps; null for others. */
  loadStart: string | null;
  keySource: KeySource;
  plan: VuPlan;
  /** What preflight found out, by model. */
  adaptations: Readonly<Record<string, Adaptation>>;
  /** Those of `LLM_PROVIDERS` that are asked, each with what its own preflight found out; null: there is one target. */
  providers: readonly ReadyProvider[] | null;
};

/** What a VU needs of one provider beside its key and its headers. */
export type VuProvider = Pick<VuPlan, 'settings' | 'prices'> & { name: string; model: string };

/** A provider that answered before the load, or was not asked. */
export type ReadyProvider = { name: string; adaptations: VuSetup['adaptations'] };

/**
 * What setup hands to every VU: the settings as read once, without what is secret, and what was worked out from
 * them. Plain JSON, as k6 carries it.
 */
export type VuPlan = {
  settings: Omit<VuSettings, 'extraHeaders'>;
  parts: readonly VuPart[];
  /** Empty for scenarios that ask the mix. */
  tasks: readonly Task[];
  /** The SLO terms that the transport can judge. */
  slo: Slo;
  /** Samples carry the kind of their request: there are several, or not the one that is to be expected. */
  tagsKind: boolean;
  /** null for scenarios without a spike. */
  spike: SpikeTimes | null;
  /** The part that has it. */
  spikePart: string | null;
  /** Empty for scenarios without steps. */
  steps: readonly PlannedStep[];
  prices: readonly KnownPrice[];
  /** Of `LLM_PROVIDERS`, in its order; null: there is one target. */
  providers: readonly VuProvider[] | null;
  /** What wanted prompt lengths are multiplied by, so that this server counts them right. */
  correctionRatio: number;
};

/** A price that the run will most likely need, by the names asked for and answered with. */
export type KnownPrice = {
  asked: string;
  answered: string | null;
  /** null: there is none. */
  priced: PricedModel | null;
  /** Another model than asked answered, at another price. */
  isOther: boolean;
};

/** The price of one answer. */
export type FoundPrice = Pick<KnownPrice, 'priced' | 'isOther'>;

/** A part of the run, with what a VU needs of an open one to tell whether it is delivered; null: not open. */
export type VuPart = {
  name: string;
  kind: Load['kind'];
  /** What it sends; null: what the mix or the settings say. */
  requestKind: KindName | null;
  open: { zeroMs: number; stages: PackedStages } | null;
};
