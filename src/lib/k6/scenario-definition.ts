import type { LoadShape } from '../load/load-builders.ts';
import type { ShapedPart } from '../load/parse-load.ts';
import type { Threshold } from '../plan/build-options.ts';
import type { Task } from '../prompts/tasks.ts';
import type { KindName } from '../kinds/kinds.ts';
import type { SettingName } from '../settings/catalog.ts';
import { settingText } from './engine/setting-text.ts';
import type { ProviderFile } from './provider-file.ts';

/** What a scenario is: one object a file. Settings of the environment win over all that it says. */
export type ScenarioDefinition<Prepared = undefined> = {
  /** Names the run, its results and, where its load has one part, the tag `test_type`. */
  name: string;
  /** Made by `users`, `rate`, `steps`, `trace` or `iterations`; or several parts, one after the other, each with its name. */
  load: LoadShape | readonly ShapedPart[];
  /**
   * What the run is judged by: the name of a profile (`default`, `streaming`, `batch`, `strict`, `ci`), thresholds as
   * k6 writes them, metrics of your own among them, or a list of both. `LLM_THRESHOLDS` takes the place of all of it.
   * @default 'default'
   */
  thresholds?: ScenarioThresholds | readonly ScenarioThresholds[];
  /** What makes a request good, for `ai_goodput`: the most that each may take, ms. `LLM_SLO` wins. */
  slo?: { ttft?: number; ttfo?: number; tpot?: number; latency?: number };
  /**
   * What is asked where the function says nothing else: texts, or the path of a data set, absolute or relative to the
   * bundle. `LLM_DATASET` and `LLM_INPUT_TOKENS` win. @default the built-in prompts
   */
  prompts?: readonly string[] | string;
  /** A user's pause: `2s`, or `1s-3s`, uniform. `LLM_THINK_TIME` wins. */
  pause?: string;
  /** Models that the function names itself, beside those of `LLM_MIX`: they are asked once before the load, and told apart. */
  models?: readonly string[];
  /** Kinds of requests that the function names itself, beside those of the mix and of `LLM_KIND`: reports tell them apart. */
  kinds?: readonly KindName[];
  /** Names that the function gives to `user.step`: the summary tells them apart, as `ai_step_ms{name:…}`. */
  steps?: readonly string[];
  /** Kinds of requests for `user.task()`, drawn by weight; they take the place of the mix. */
  tasks?: readonly Task[];
  /** `LLM_*` settings of this scenario, where the environment has none: `{ LLM_STREAM: '1', LLM_MAX_TOKENS: '200' }`. */
  settings?: Readonly<Partial<Record<SettingName, string>>>;
  /** Of `ab` alone: it asks every provider of `LLM_PROVIDERS`, and its iteration is theirs. */
  openProviders?: () => ProviderFile;
  /** Called once, after the target was found to answer and before the load begins. What it returns is `user.prepared`, as JSON carries it. */
  prepare?: () => Prepared | Promise<Prepared>;
};

/** A profile's name, or thresholds by metric. */
export type ScenarioThresholds = string | Readonly<Record<string, readonly Threshold[]>>;

/** The parts of a scenario's load, in their order. */
export function partsOf({ name, load }: Pick<ScenarioDefinition, 'name' | 'load'>): readonly ShapedPart[] {
  return 'kind' in load ? [{ name, load }] : load;
}

/** A setting's text: the environment's, else the scenario's own; '' when neither has one. */
export function ownText(definition: ScenarioDefinition<unknown>, name: SettingName): string {
  return settingText(name) || (ownSettings(definition)[name] ?? '');
}

/** The settings that a scenario brings along, as text. */
export function ownSettings({
  load,
  slo,
  prompts,
  pause,
  settings,
}: ScenarioDefinition<unknown>): Partial<Record<SettingName, string>> {
  const arrivals = 'kind' in load && load.kind === 'open' ? load.arrivals : undefined;
  return {
    ...(slo === undefined
      ? {}
      : {
          LLM_SLO: Object.entries(slo)
            .map((term) => term.join(':'))
            .join(','),
        }),
    ...(typeof prompts === 'string' ? { LLM_DATASET: prompts } : {}),
    ...(pause === undefined ? {} : { LLM_THINK_TIME: pause }),
    ...(arrivals === undefined ? {} : { LLM_ARRIVALS: arrivals }),
    ...settings,
  };
}
