import { load as loadAnswers } from 'lazy:./rare/any-answer.ts';
import { load as loadApiKey } from 'lazy:./once/setup/find-api-key.ts';
import { load as loadControl } from 'lazy:./once/control.ts';
import { load as loadPauses } from 'lazy:./rare/read-pause.ts';
import { load as loadScrape } from 'lazy:./rare/scrape.ts';
import { load as loadSampleLog } from 'lazy:./rare/sample-log.ts';
import { load as loadSynthetic } from 'lazy:../prompts/synthetic-texts.ts';
import { load as loadPictures } from 'lazy:../prompts/pictures/pictures.ts';
import { load as loadSessions } from 'lazy:./rare/sessions.ts';
import { load as loadMeter } from 'lazy:./rare/transports/meter.ts';
import { load as loadArrivals } from 'lazy:./rare/due-times.ts';
import { load as loadPrice } from 'lazy:../money/price.ts';
import { load as loadKinds } from 'lazy:../kinds/kinds.ts';
import { load as loadVu } from 'lazy:./vu/default-function.ts';
import type * as HttpAnswers from '../answer/http-answer.ts';
import type { WarningKind } from '../answer/answer-warnings.ts';
import type { Attempt, Failure } from '../answer/attempt.ts';
import type * as InvalidOutput from '../answer/invalid-output.ts';
import type * as Redirect from '../answer/failure/redirect.ts';
import type * as Secrets from '../answer/failure/secrets.ts';
import type * as Price from '../money/price.ts';
import type { Pricing } from '../money/pricing.ts';
import type * as Due from '../load/due.ts';
import type * as PictureMaker from '../prompts/pictures/pictures.ts';
import type * as SyntheticTexts from '../prompts/synthetic-texts.ts';
import type * as Kinds from '../kinds/kinds.ts';
import type { Provider } from '../request/providers.ts';
import type { SampledAttempt } from '../samples/sample.ts';
import type { DueRequest, Schedule } from '../plan/planned-parts.ts';
import type * as FirstTurns from '../prompts/session/first-turns.ts';
import type * as SessionParser from '../prompts/session/parse-sessions.ts';
import type * as StoredSessions from '../prompts/session/stored-session.ts';
import type { SessionPlay } from '../prompts/session/session-play.ts';
import type * as ApiKey from '../settings/api-key.ts';
import type { ProviderEntry } from '../settings/provider-entries.ts';
import type { Settings, VuSettings } from '../settings/settings.ts';
import type { Clock } from './engine/k6-api.ts';
import type { ScenarioDefinition } from './scenario-definition.ts';
import type { Iterates } from './iterates.ts';
import type { SharedData } from './vu/shared-data.ts';
import type { FoundPrice, SetupData, VuSetup } from './vu/setup-data.ts';
import type { Target, Transport } from './vu/transports/transport.ts';

/*
 * The door from what every VU pays for (`vu/`) to the rest: parts of the library that are evaluated when they are first
 * asked for (scripts/lazy-modules.mjs), since k6's engine makes every function of a bundle anew in every VU, and most VUs
 * need few of them. Each part's type is declared here, so that no file of `vu/` leads to one behind the door, not even by
 * its types; parts-fit.ts holds the parts to these types.
 */

/** All that a VU does in its iterations. Evaluated at init: as one function, whose names cost a VU nothing. */
export type DefaultFunctionPart = {
  createDefaultFunction: (
    definition: ScenarioDefinition<unknown>,
    shared: SharedData,
    iterates: Iterates,
  ) => (data?: SetupData) => void | Promise<void>;
};
export const vu = loadVu as () => DefaultFunctionPart;

/** What happens once a run, outside the VUs that make the load. */
export type Control = {
  options: Record<string, unknown>;
  setup: () => Promise<SetupData>;
  handleSummary: (data: unknown) => Record<string, string>;
};

/** Everything that happens once a run: settings, options, setup, summary. */
export type ControlPart = {
  createControl: (definition: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean) => Control;
  /** What VUs are told with `--no-setup`. */
  planWithoutSetup: (definition: ScenarioDefinition<unknown>) => VuSetup;
  /** The server's metrics pages (`LLM_METRICS_URL`). */
  metricsPages: (definition: ScenarioDefinition<unknown>) => readonly MetricsPage[];
  settingsOf: (definition: ScenarioDefinition<unknown>) => Settings;
  loadPricing: (
    settings: Pick<Settings, 'pricesFile' | 'provider' | 'endpoints'>,
    pricesText: string | null,
  ) => Pricing;
  /** What all VUs share of `LLM_PROVIDERS`. Init only. */
  providerTexts: (file: string) => string[];
  providerSettings: (entries: readonly ProviderEntry[], index: number) => Settings;
};
export const control = loadControl as () => ControlPart;

/** Reading answers of any kind, streams of xk6-sse too; a plain blocking success needs none of it. */
export type AnswersPart = Pick<typeof HttpAnswers, 'attemptOf' | 'unreadable'> &
  Pick<typeof Redirect, 'describeRedirect'> &
  Pick<typeof InvalidOutput, 'wantedJson' | 'whyInvalid'> &
  Pick<typeof Secrets, 'secretPartsOf' | 'secretsIn' | 'withoutSecrets'> & {
    logFailure: (model: string, failure: Failure) => void;
    recordWarnings: (attempt: Attempt, model: string, context: WarningContext) => readonly WarningKind[];
    createSseTransport: (target: Target, clock: Clock) => Transport;
  };
export const answers = loadAnswers as () => AnswersPart;

/**
 * What else there is to tell of an answer.
 *
 * @property invalid why it is not the JSON that was asked for; null: it is, or none was asked for.
 * @property requestKind the kind of request, where samples are to tell it.
 */
export type WarningContext = { found: FoundPrice; invalid: string | null; requestKind: string | null };

/** Loads whose requests have their times: waiting for them, and how much of what was due has come. */
export type ArrivalsPart = Pick<typeof Due, 'deliveredRatio' | 'dueBy' | 'scheduledBefore'> & {
  openSchedules: (stored: SharedData['schedules']) => ReadonlyMap<string, Schedule>;
  waitForSetUp: (stored: SharedData['schedules']) => void;
  /** @returns how late a request is, ms. */
  waitForTime: (atMs: number, schedule: Schedule, clock: Clock) => number;
};
export const arrivals = loadArrivals as () => ArrivalsPart;

/** Prices of answers that are not plain: cached prompts, tiers, rates of their own. */
export const prices = loadPrice as () => Pick<typeof Price, 'isUnpricedOutput' | 'usdFor'>;

/** Prompts of a wanted length. */
export const synthetic = loadSynthetic as () => typeof SyntheticTexts;

/** Pictures beside prompts. */
export const pictures = loadPictures as () => typeof PictureMaker;

/** Kinds of requests other than chat. */
export const kinds = loadKinds as () => Pick<typeof Kinds, 'kindOf'>;
/** Sessions to be sent, by a VU that sends any. */
export type Sessions = {
  /** What iteration i sends, turn by turn. */
  open: (iteration: number, due: DueRequest | null) => SessionPlay;
};
/** @property rows stored sessions; null: they are conversations of a trace. */
export type SessionsInput = {
  rows: readonly string[] | null;
  settings: VuSettings;
  correctionRatio: number;
  /** What iteration i begins with, so that no cache knows it; null: nothing. */
  saltFor: (iteration: number) => string | null;
};
export type SessionsPart = Pick<typeof SessionParser, 'isSessionText' | 'parseSessions'> &
  Pick<typeof StoredSessions, 'storedFigures' | 'storedSession' | 'storeSessions'> &
  Pick<typeof FirstTurns, 'firstFields' | 'firstTurns'> & {
    createSessions: (input: SessionsInput) => Sessions;
  };
export const sessions = loadSessions as () => SessionsPart;

/** One line a request, for the launcher. */
export type SampleLogPart = { logSample: (sampled: SampledAttempt) => void };
export const sampleLog = loadSampleLog as () => SampleLogPart;

/** Streams through the meter. */
export type MeterPart = { createMeterTransport: (target: Target, clock: Clock) => Transport };
export const meterTransport = loadMeter as () => MeterPart;

/** Looking at the server's own metrics page. */
/** A server's metrics page, and the key that it wants. */
export type MetricsPage = { url: string; headers: Readonly<Record<string, string>> };

export type ScrapePart = { scrapeOnce: (targets: readonly MetricsPage[]) => void };
export const scrape = loadScrape as () => ScrapePart;

/** The key from k6's secrets. */
export type SecretKeysPart = Pick<typeof ApiKey, 'readApiKey'> & {
  readSecret: (provider: Provider) => Promise<string | null>;
};
export const secretKeys = loadApiKey as () => SecretKeysPart;

/** Pauses of a length that a scenario's function says. */
export type PausesPart = { pauseSec: (span: string, unit: number) => number };
export const pauses = loadPauses as () => PausesPart;
