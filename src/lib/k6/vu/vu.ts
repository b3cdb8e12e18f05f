import exec from 'k6/execution';
import { type Clock, createClock, currentScenario, sleep } from '../engine/k6-api.ts';
import type { LeaveAfter } from '../../load/parse-abort.ts';
import { createMixPicker, createWeightedPicker, type MixPicker } from '../../prompts/weighted-picker.ts';
import type { KindName } from '../../kinds/kinds.ts';
import { entriesFor } from '../../prompts/entries-for.ts';
import type { Mix } from '../../prompts/mix.ts';
import { createUnitStream } from '../../numbers/random.ts';
import type { DueRequest, Schedule } from '../../plan/planned-parts.ts';
import { stepAt } from '../../plan/planned-steps.ts';
import { windowAt } from '../../plan/spike-times.ts';
import { type Sessions, sessions } from '../parts.ts';
import { createSalt } from './cache-salt.ts';
import { type Client, createClient } from './client.ts';
import { type Ask, type Composed, createComposer } from './composer.ts';
import { type Conversations, createConversations, type Opened } from './conversations.ts';
import type { OpenSession } from './opened-session.ts';
import type { Run } from './run.ts';
import type { VuSetup } from './setup-data.ts';

/** What a VU keeps between iterations. */
export type Vu = {
  run: Run;
  setup: VuSetup;
  clock: Clock;
  /** For requests that are measured. */
  client: Client;
  /** For those of the warm-up: their HTTP tag `name` differs. */
  warmupClient: Client;
  compose: (ask: Ask) => Composed;
  mix: MixPicker;
  /** Of the models that take a kind of request, by the kind. */
  mixes: Map<KindName, MixOfKind>;
  conversations: Conversations;
  /** Sent in place of conversations; null: there are none. */
  sessions: Sessions | null;
  /** That of this iteration; null: none is open. */
  session: OpenSession | null;
  thinkUnit: (iteration: number) => number;
  /** Number of this iteration in its k6 scenario, across VUs and instances. */
  iteration: number;
  /** The model of the mix whose turn it is, and the kind of request that it is sent. */
  model: string;
  kind: KindName;
  /** When this iteration is due, by its schedule, and what that says of its request; null without one. */
  due: DueRequest | null;
  /** Ties the requests of this iteration to those of other providers; null: nothing is compared. */
  pair: number | null;
  /** How late this iteration began; null without a schedule, and when a request has told it. */
  lagMs: number | null;
  /** Prompts of the run that this iteration has taken. */
  prompted: number;
  /** A conversation made ready before its time; null: none. */
  opened: Opened | null;
  /** Requests that this iteration has sent. */
  sent: number;
  /** Who gives streams up, and when (`LLM_ABORT`); null: nobody. */
  leaver: { picker: MixPicker; after: LeaveAfter } | null;
  /** Answers are read by a function of the scenario's own. */
  wantsText: boolean;
  /** Tags that are set on this VU until further notice. */
  tagged: { stream: boolean; turn: number | null; step: string | null };
  iterationInTest: () => number;
  /** The k6 scenario that this iteration belongs to: its part's name. */
  partName: () => string;
  tags: VuTags;
  /** Output lengths are wanted (`LLM_OUTPUT_TOKENS`, a trace), and the provider takes `min_tokens` and `ignore_eos`. */
  wantsExactLength: boolean;
  /** The load is meant to exercise the provider's prompt cache: its requests carry `cache`. */
  exercisesCache: boolean;
  /** Samples tell where in a spike or on which step they are. */
  hasPlaces: boolean;
  /** Some part's requests have times of their own. */
  hasSchedules: boolean;
  /** Some part's requests arrive whether or not others have been answered. */
  hasOpenPart: boolean;
  /** When this VU last told how much of the load was started, since the load began. */
  deliveryToldAtMs: number;
  /** Requests in a row that were refused for the key or the quota. */
  refusalsInARow: number;
  /** Requests in a row that the meter itself did not answer. */
  meterSilentInARow: number;
};

/** Tags of every sample that this VU makes from now on; k6 reads them when a sample is made. */
export type VuTags = Record<string, string | undefined>;

/** Builds what a VU keeps. Called in its first iteration: k6 has no clock and no tags at init. */
export function createVu(
  run: Run,
  setup: VuSetup,
  { apiKey, wantsText }: { apiKey: string | null; wantsText: boolean },
): Vu {
  const { settings } = run;
  const clock = createClock();
  const shared = { settings, apiKey, clock };
  const main = createClient({ ...shared, tag: 'llm' });
  const warmup = settings.warmupMs === 0 ? main : createClient({ ...shared, tag: 'warmup' });
  const scenario = currentScenario();
  const saltFor = createSalt(settings.seed, settings.cacheBust);
  let thinkUnit: ((iteration: number) => number) | null = null;
  return {
    run,
    setup,
    clock,
    client: main,
    warmupClient: warmup,
    compose: createComposer(settings, setup.adaptations),
    mix: createMixPicker(settings.mix, settings.seed),
    conversations: createConversations(settings, run.prompts, run.correctionRatio, saltFor),
    sessions: hasSessions(run)
      ? sessions().createSessions({
          rows: run.sessionRows,
          settings,
          correctionRatio: run.correctionRatio,
          saltFor,
        })
      : null,
    thinkUnit: (iteration) => (thinkUnit ??= createUnitStream(settings.seed, 'think'))(iteration),
    session: null,
    sent: 0,
    leaver: leaverOf(settings),
    iteration: 0,
    model: '',
    kind: settings.kind,
    mixes: new Map(),
    due: null,
    pair: null,
    lagMs: null,
    prompted: 0,
    opened: null,
    wantsText,
    tagged: { stream: settings.stream, turn: null, step: null },
    iterationInTest: () => scenario.iterationInTest,
    partName: () => scenario.name,
    tags: exec.vu.metrics.tags as unknown as VuTags,
    hasPlaces: run.spike !== null || run.steps.length > 0,
    hasSchedules: run.schedules.size > 0,
    hasOpenPart: run.parts.some(({ open }) => open !== null),
    deliveryToldAtMs: -Infinity,
    refusalsInARow: 0,
    meterSilentInARow: 0,
    exercisesCache: settings.sharedPrefixTokens > 0 || settings.shape.mostTurns > 1 || hasBlocks(run),
    wantsExactLength:
      settings.provider.takesExactLength &&
      (settings.outputTokens !== null || settings.arrivals.kind === 'trace'),
  };
}

function leaverOf({ abort, seed }: Run['settings']): Vu['leaver'] {
  if (abort === null) return null;
  const weights = [abort.shareRatio, 1 - abort.shareRatio];
  return { picker: createWeightedPicker(weights, seed, 'abort'), after: abort.after };
}

/** A file of them, or a trace whose requests go on from each other. */
function hasSessions({ sessionRows, schedules }: Run): boolean {
  return (
    sessionRows !== null ||
    (schedules.size > 0 && [...schedules.values()].some(({ traced }) => (traced?.mostTurns ?? 1) > 1))
  );
}

/** Its trace tells which prompts begin alike. */
function hasBlocks({ schedules }: Run): boolean {
  return (
    schedules.size > 0 &&
    [...schedules.values()].some(({ traced }) => traced !== null && traced.blockTokens !== null)
  );
}

/** The models of a mix that take one kind of request, and the one whose turn it is. */
type MixOfKind = { mix: Mix; picker: MixPicker };

/** The model whose turn this iteration is: of all of the mix, or of those that take a kind; null: it brings its own. */
export function chooseModel(vu: Vu, kind: KindName | null): void {
  const { settings } = vu.run;
  if (kind === null) {
    const entry = settings.mix[vu.mix.pick(vu.iteration)];
    vu.model = entry?.model ?? '';
    vu.kind = entry?.kind ?? settings.kind;
    return;
  }
  let own = vu.mixes.get(kind);
  if (own === undefined) {
    const entries = entriesFor(settings.mix, kind);
    own = { mix: entries, picker: createMixPicker(entries, settings.seed) };
    vu.mixes.set(kind, own);
  }
  vu.model = own.mix[own.picker.pick(vu.iteration)]?.model ?? '';
  vu.kind = kind;
}

/** The kind that the part of this iteration sends; null: the mix says it. */
export function partKindOf(vu: Vu): KindName | null {
  const { parts } = vu.run;
  const part = parts.length === 1 ? parts[0] : parts.find(({ name }) => name === vu.partName());
  return part?.requestKind ?? null;
}

/** The schedule of the part that this iteration belongs to; null where k6 spaces its requests. */
export function scheduleOf(vu: Vu): Schedule | null {
  return vu.hasSchedules ? (vu.run.schedules.get(vu.partName()) ?? null) : null;
}

/** Since the load began, ms. */
export function elapsedMs(vu: Vu): number {
  return vu.clock() - vu.setup.loadStartsAtMs;
}

/** Whether the warm-up is over; sets the tag `phase`. */
export function isMeasured(vu: Vu): boolean {
  const { warmupMs } = vu.run.settings;
  if (warmupMs === 0) return true;
  const measured = elapsedMs(vu) >= warmupMs;
  vu.tags['phase'] = measured ? 'main' : 'warmup';
  return measured;
}

/** Sets `window` and `step`, in the scenarios that have them. */
export function tagPlace(vu: Vu): void {
  if (!vu.hasPlaces) return;
  const { spike, spikePart, steps } = vu.run;
  if (spike !== null) {
    const inSpikePart = vu.run.parts.length === 1 || vu.partName() === spikePart;
    setTag(vu, 'window', inSpikePart ? windowAt(spike, elapsedMs(vu)) : null);
  }
  if (steps.length === 0) return;
  setTag(vu, 'step', stepAt(steps, elapsedMs(vu)));
  setTag(vu, 'start', vu.setup.loadStart);
}

function setTag(vu: Vu, name: string, value: string | null): void {
  if (value === null) delete vu.tags[name];
  else vu.tags[name] = value;
}

/**
 * A user's pause before the next request, uniform. Users are the VUs of a closed load; no others pause. Within a session
 * its own pauses count.
 */
export function think(vu: Vu): void {
  if (vu.session !== null && vu.session.next !== null) return;
  const { thinkTime } = vu.run.settings;
  if (thinkTime.maxMs === 0 || !isUserLoad(vu)) return;
  const { minMs, maxMs } = thinkTime;
  sleep((minMs + (maxMs - minMs) * vu.thinkUnit(vu.iteration)) / 1000);
}

function isUserLoad(vu: Vu): boolean {
  const { parts } = vu.run;
  const part = parts.length === 1 ? parts[0] : parts.find(({ name }) => name === vu.partName());
  return part?.kind === 'closed';
}
