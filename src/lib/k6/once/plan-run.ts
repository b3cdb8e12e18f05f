import type { JsonRecord } from '../../parse/json.ts';
import { SharedArray } from 'k6/data';
import type { SessionFigures } from '../../prompts/session/stored-session.ts';
import {
  digestOfOptions,
  type IterationShape,
  readSettings,
  type Settings,
  type VuSettings,
  vuSettingsOf,
} from '../../settings/settings.ts';
import { type PlannedPart, planParts, type Schedule } from '../../plan/planned-parts.ts';
import { refusePicturesInTrace } from '../../prompts/pictures/refuse-pictures.ts';
import { isSessionKind, SESSION_KINDS } from '../../prompts/session/session-kinds.ts';
import { ConfigError } from '../../parse/config-error.ts';
import type { Pricing } from '../../money/pricing.ts';
import { visibleSlo } from '../../figures/slo.ts';
import { secretPartsOf } from '../../answer/failure/secrets.ts';
import { plannedKinds } from '../../plan/planned-kinds.ts';
import { plannedSteps } from '../../plan/planned-steps.ts';
import { mixOfTasks, type StreamMode, streamMode, type Task, withModelsOf } from '../../prompts/tasks.ts';
import type { Mix } from '../../prompts/mix.ts';
import { spikeTimes } from '../../plan/spike-times.ts';
import type { KindName } from '../../kinds/kinds.ts';
import type { DeferredThreshold } from '../../thresholds/defer-judging.ts';
import { packStages } from '../../load/due.ts';
import { pricingOfAll, settingsOfAll, sharingPause, withoutTarget } from './all-providers.ts';
import { checkDefinition } from './check-definition.ts';
import { makeDataset } from './make-dataset.ts';
import { readFile } from './read-file.ts';
import { listProviders } from './list-providers.ts';
import { loadPricing } from './load-pricing.ts';
import type { AskedProvider } from '../provider-file.ts';
import { ownText, partsOf, type ScenarioDefinition } from '../scenario-definition.ts';
import { parsePart } from '../../load/parse-load.ts';
import { settingsOf } from './settings-of.ts';
import { sessions as sessionsPart } from '../parts.ts';
import { promptsOf, type Run } from '../vu/run.ts';
import type { KnownPrice, VuPlan } from '../vu/setup-data.ts';
import { makeSchedule } from './make-schedule.ts';
import { openSchedule, openSharedData } from '../vu/shared-data.ts';

/** A run as whoever plans it knows it: with what a VU does not need. */
export type PlannedRun = Omit<
  Run,
  'settings' | 'parts' | 'pricing' | 'sessionRows' | 'latencySlo' | 'providers' | 'providerFile'
> & {
  /** Those of `LLM_PROVIDERS`; null: there is one target. */
  providers: readonly AskedProvider[] | null;
  settings: Settings;
  parts: readonly PlannedPart[];
  pricing: Pricing;
  /** Kinds of requests that it sends. */
  kinds: readonly KindName[];
  /** As requests will be sent, whatever `LLM_STREAM` says. */
  streamMode: StreamMode;
  /** Whether the transport sees when events arrive. */
  seesEventTimes: boolean;
  optionsDigest: string;
  /** Rows of `LLM_DATASET`, or sessions; null without one. */
  datasetRows: number | null;
  /** Of the sessions that are sent; null: prompts are. */
  sessions: SessionFigures | null;
  /** Fields of the body of the first session's first request. */
  firstFields: JsonRecord;
  /** Thresholds that are judged on all parts of the run; none where this is the whole. */
  deferred: readonly DeferredThreshold[];
  /** What a user does is the scenario's own. */
  hasOwnBehaviour: boolean;
};

/**
 * Reads the settings and the files that they name, and plans the run. Init only.
 *
 * @throws ConfigError for the first wrong setting.
 */
export function planRun(scenario: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean): PlannedRun {
  checkDefinition(scenario);
  const file = scenario.openProviders?.() ?? null;
  const providers = file === null ? null : listProviders(file);
  const { settings: asked, tasks } =
    providers === null
      ? adaptTo(scenario, settingsOf(scenario))
      : { settings: settingsOfAll(providers, readSettings(withoutTarget(__ENV))), tasks: [] };
  const loadParts = partsOf(scenario).map(parsePart);
  checkHold(asked, tasks);
  let kindsOfRows: readonly KindName[] = [];
  const shared = openSharedData(scenario, {
    dataset: () => {
      const { rows, kinds: named } = makeDataset(asked);
      kindsOfRows = named;
      return rows;
    },
    pricesText: () => readFile(asked.pricesFile ?? '', 'LLM_PRICES'),
    schedule: ({ name }, dataset) => {
      const settings = withShape(asked, figuresOfSessions(dataset));
      // Scaled as this run will do it, before any schedule is known.
      const load = planParts(loadParts, settings).find((part) => part.name === name)?.load;
      return load?.kind === 'open' ? makeSchedule(name, load, { settings, dataset }) : [];
    },
  });
  const sessions = figuresOfSessions(shared.dataset);
  if (providers !== null && sessions !== null) throw sessionsCompared(asked);
  // Made with the rows, once for all of k6's runtimes.
  const rowKinds =
    shared.dataset === null ? [] : [...new SharedArray('dataset kinds', () => [...kindsOfRows])];
  const schedules = new Map(
    [...shared.schedules].map(([name, stored]): [string, Schedule] => [name, openSchedule(stored)]),
  );
  const traced = [...schedules.values()].find((schedule) => schedule.traced !== null)?.traced ?? null;
  const settings = withShape(asked, sessions, traced);
  const planned = planParts(loadParts, settings, ({ name }) => {
    const schedule = schedules.get(name);
    if (schedule === undefined) return null;
    const { requestAt: _times, ...figures } = schedule;
    return figures;
  });
  const parts = providers === null ? planned : planned.map((part) => sharingPause(part, providers.length));
  const shapes = partsOf(scenario);
  const spikeName = shapes.find(({ load }) => load.kind === 'open' && load.hasSpike === true)?.name ?? null;
  const spikePart = parts.find(({ name }) => name === spikeName);
  const hasSteps = shapes.some(({ load }) => load.kind === 'open' && load.hasSteps === true);
  const kinds = plannedKinds({ settings, parts, tasks, own: scenario.kinds ?? [], rows: rowKinds });
  const mode = streamMode(tasks, settings.stream, kinds);
  const seesEventTimes = mode !== 'blocking' && settings.transport !== 'http';
  return {
    scenario,
    settings,
    parts,
    schedules,
    prompts: promptsOf(scenario, settings, { dataset: shared.dataset, correctionRatio: 1 }),
    sessions,
    firstFields: sessions === null ? {} : sessionsPart().firstFields(shared.dataset ?? [], settings.seed),
    correctionRatio: 1,
    tasks,
    kinds,
    tagsKind: kinds.length > 1 || kinds[0] !== settings.provider.kinds[0],
    slo: visibleSlo(settings.slo, { eventTimes: seesEventTimes }),
    providers,
    pricing: providers === null ? loadPricing(settings, shared.pricesText) : pricingOfAll(providers),
    streamMode: mode,
    seesEventTimes,
    optionsDigest: digestOfOptions(settings.resolved),
    hasOwnBehaviour,
    deferred: [],
    datasetRows: sessions?.count ?? shared.dataset?.length ?? null,
    spike: spikePart === undefined ? null : spikeTimes(spikePart),
    spikePart: spikeName,
    steps: hasSteps ? plannedSteps(parts) : [],
  };
}

/** What the VUs get of it, with the names that preflight saw models answer under. */
export function vuPlanOf(
  run: PlannedRun,
  { answeredNames, correctionRatio }: { answeredNames: readonly string[]; correctionRatio: number },
): VuPlan {
  const { settings, parts, tasks, slo, tagsKind, spike, spikePart, steps, pricing, providers } = run;
  const models = settings.mix.map(({ model }) => model);
  return {
    settings: knownSettings(settings),
    parts: parts.map(({ name, load, zeroMs, requestKind }) => ({
      name,
      kind: load.kind,
      requestKind,
      open: load.kind === 'open' ? { zeroMs, stages: packStages(load.stages) } : null,
    })),
    tasks,
    slo,
    tagsKind,
    spike,
    spikePart,
    steps,
    prices: providers === null ? knownPrices(pricing, models, answeredNames) : [],
    providers:
      providers?.map(({ name, model, ...own }) => ({
        name,
        model,
        settings: knownSettings(own.settings),
        prices: knownPrices(own.pricing, [model], answeredNames),
      })) ?? null,
    correctionRatio,
  };
}

/** By the names that models are asked under and may answer under. */
function knownPrices(
  pricing: Pricing,
  models: readonly string[],
  answeredNames: readonly string[],
): KnownPrice[] {
  return models.flatMap((asked) =>
    [...new Set([null, asked, ...answeredNames])].map((answered) => ({
      asked,
      answered,
      priced: pricing.priceFor(asked, answered),
      isOther: pricing.isOtherPrice(asked, answered),
    })),
  );
}

/** What may be written into a file, as k6 does with all that setup returns. */
function knownSettings(settings: Settings): VuPlan['settings'] {
  const { extraHeaders: _secret, ...known } = withoutSecretUrls(vuSettingsOf(settings));
  return known;
}

/** Settings whose addresses may be written into a file, as k6 does with all that setup returns. */
function withoutSecretUrls(settings: VuSettings): VuSettings {
  const { endpoints, meterUrl } = settings;
  const urls = [endpoints.root, endpoints.query, meterUrl ?? ''];
  return urls.every((url) => secretPartsOf(url).length === 0)
    ? settings
    : { ...settings, endpoints: { ...endpoints, root: '', query: '' }, meterUrl: null };
}

/** A session goes on with what one server answered: it cannot be sent to several. */
function sessionsCompared({ datasetFile }: Settings): ConfigError {
  return new ConfigError({
    setting: 'LLM_DATASET',
    got: datasetFile ?? '',
    expected: 'prompts and no sessions with LLM_PROVIDERS',
    example: 'LLM_DATASET=prompts.jsonl',
  });
}

/** @throws ConfigError where nothing says of what `LLM_HOLD` is so long, or two settings do. */
function checkHold({ holdMs, ratePerSec, vus, arrivals, resolved }: Settings, tasks: readonly Task[]): void {
  if (holdMs === null) return;
  if ((ratePerSec === null) === (vus === null)) {
    throw new ConfigError({
      setting: 'LLM_HOLD',
      got: resolved.LLM_HOLD,
      expected: `either LLM_RATE or LLM_VUS beside it, and ${vus === null ? 'neither is set' : 'both are set'}`,
      example: 'LLM_HOLD=30s LLM_RATE=20',
    });
  }
  if (ratePerSec === null || tasks.length === 0 || arrivals.kind === 'even') return;
  throw new ConfigError({
    setting: 'LLM_ARRIVALS',
    got: resolved.LLM_ARRIVALS,
    expected: 'even arrivals where a scenario of tasks is held at a rate',
    example: 'LLM_ARRIVALS=even',
  });
}

/** The figures of sessions; null where rows are prompts, or there are none. */
function figuresOfSessions(rows: readonly string[] | null): SessionFigures | null {
  return rows === null ? null : sessionsPart().storedFigures(rows);
}

/** The settings with what one iteration is: a session of a file or of a trace, or `LLM_TURNS` requests. */
function withShape(
  settings: Settings,
  sessions: SessionFigures | null,
  traced: IterationShape | null = null,
): Settings {
  const { timeScale, systemPrompt } = settings;
  if (sessions !== null) {
    const { meanTurns, mostTurns, meanPauseMs, mostPauseMs } = sessions;
    const shape = {
      meanTurns,
      mostTurns,
      meanPauseMs: meanPauseMs * timeScale,
      mostPauseMs: mostPauseMs * timeScale,
    };
    // Sessions are sent as they stand.
    return {
      ...settings,
      shape,
      systemPrompt: systemPrompt.kind === 'own' ? systemPrompt : { kind: 'none' },
    };
  }
  if (traced === null || traced.mostTurns === 1) return settings;
  refusePicturesInTrace(settings);
  if (!isSessionKind(settings.kind)) {
    throw new ConfigError({
      setting: 'LLM_KIND',
      got: settings.kind,
      expected: `${SESSION_KINDS.join(', ')}, because the trace holds conversations`,
      example: 'LLM_KIND=chat',
    });
  }
  const { meanTurns, mostTurns, meanPauseMs, mostPauseMs } = traced;
  return { ...settings, shape: { meanTurns, mostTurns, meanPauseMs, mostPauseMs } };
}

/** The settings with the scenario's own models, where the user set none. */
function adaptTo(
  definition: ScenarioDefinition<unknown>,
  settings: Settings,
): { settings: Settings; tasks: readonly Task[] } {
  const { tasks = [], models = [] } = definition;
  const isMixGiven = ownText(definition, 'LLM_MIX') !== '';
  if (tasks.length === 0)
    return { settings: { ...settings, mix: mixWith(settings.mix, models, isMixGiven) }, tasks };
  const chosen = isMixGiven ? withModelsOf(tasks, settings.mix) : tasks;
  // A task is one request.
  const shape = { ...settings.shape, meanTurns: 1, mostTurns: 1 };
  return { settings: { ...settings, mix: mixOfTasks(chosen), turns: 1, shape }, tasks: chosen };
}

/** Models that a function names itself are in the mix with no share of their own; without a mix, they are it. */
function mixWith(mix: Mix, models: readonly string[], isMixGiven: boolean): Mix {
  if (models.length === 0) return mix;
  if (!isMixGiven)
    return models.map((model) => ({ model, weight: 1, shareRatio: 1 / models.length, kind: null }));
  const others = models.filter((model) => mix.every((entry) => entry.model !== model));
  return [...mix, ...others.map((model) => ({ model, weight: 0, shareRatio: 0, kind: null }))];
}
