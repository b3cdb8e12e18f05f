import { type Distribution, meanOf } from '../../numbers/distribution.ts';
import {
  FREE_PREFLIGHT,
  preflightCost,
  type RequestGroup,
  type Forecast,
  forecast,
  type LatencyGuess,
  requestsOf,
  TYPICAL_OUTPUT_RATIO,
} from '../../money/forecast.ts';
import { guessLatency, type Measured, TEMPLATE_TOKENS, tokenRatioOf } from '../../money/measured.ts';
import { judgeBudget } from '../../money/render-forecast.ts';
import { mean, sum } from '../../numbers/mean.ts';
import type { Message } from '../../request/message.ts';
import type { PlannedPart, Traced } from '../../plan/planned-parts.ts';
import { sentShares } from '../../plan/sent-shares.ts';
import { PREFLIGHT_MAX_TOKENS } from '../../request/judge-preflight.ts';
import { TRIES_PER_MODEL } from '../../plan/setup-times.ts';
import type { SideCount } from '../../summary/summary.ts';
import { estimateTokens } from '../../prompts/estimate-tokens.ts';
import { CannotStart } from './setup/cannot-start.ts';
import { type KindName, kindOf } from '../../kinds/kinds.ts';
import { estimatePictureTokens } from '../../prompts/pictures/parse-images.ts';
import { createConversations, type Opened } from '../vu/conversations.ts';
import { partsToForecast } from './other-load.ts';
import type { PlannedRun } from './plan-run.ts';
import { systemText } from '../vu/system-text.ts';

/** Conversations that are looked at to know how long prompts are, at most. */
const LOOKED_AT = 200;
/** Enough of long ones: k6 takes a quarter of a microsecond to hand a character of a shared row over. */
const LOOKED_AT_CHARS = 200_000;

/** By model. */
export type MeasuredModels = ReadonlyMap<string, Measured>;

/** What was found out before the load: of models, and which of them have no price of their own. */
export type FoundOut = {
  measured: MeasuredModels;
  unanswered: ReadonlySet<string>;
  /** What it cost, by model. */
  spent: Readonly<Record<string, SideCount>>;
};

const NOTHING_FOUND: FoundOut = { measured: new Map(), unanswered: new Set(), spent: {} };

/** What preflight cost. */
export function spentUsd(spent: FoundOut['spent']): number {
  return sum(Object.values(spent).map(({ costUsd }) => costUsd ?? 0));
}

/** What the run is expected to ask and to cost, by what was measured before it. */
export function forecastOf(planned: PlannedRun, found: FoundOut | null = null): Forecast {
  const run = { ...planned, parts: partsToForecast(planned) };
  const { parts, tasks, settings } = run;
  const { measured, unanswered, spent } = found ?? NOTHING_FOUND;
  const pricing = {
    priceOf: (model: string) => (unanswered.has(model) ? null : run.pricing.priceOf(model)),
  };
  const kinds = tasks.length === 0 ? kindsOfMix(run) : kindsOfTasks(run);
  const isClosed = parts.some(({ load }) => load.kind === 'closed');
  const latency = isClosed ? latencyOf(run, kinds, measured) : null;
  const groups = kinds.map((kind) => askedOf(run, kind, latency, measured));
  const asks = settings.preflight.includes('chat');
  const likelyUsd = spentUsd(spent);
  const preflight =
    found !== null
      ? { likelyUsd, mostUsd: likelyUsd }
      : asks
        ? preflightCost(groups, { pricing, maxTokens: PREFLIGHT_MAX_TOKENS, mostTries: TRIES_PER_MODEL })
        : FREE_PREFLIGHT;
  return forecast({ groups, latency, pricing, preflight });
}

/** Requests of one kind, in tokens as estimated. */
type Kind = {
  part: PlannedPart;
  kind: KindName;
  model: string;
  shareRatio: number;
  inputTokens: number;
  /** If answers that later turns repeat are as long as their limit. */
  longestInputTokens: number;
  outputTokens: number;
  maxOutputTokens: number;
};

function askedOf(
  { settings }: PlannedRun,
  { part, kind, model, shareRatio, inputTokens, longestInputTokens, outputTokens, maxOutputTokens }: Kind,
  latency: LatencyGuess | null,
  measured: MeasuredModels,
): RequestGroup {
  // What is answered in one piece has no next turn.
  const turnsMissing = kindOf(kind).answers === 'items' ? settings.shape.meanTurns : 1;
  const requestsAt = (latencyMs: number | null): number =>
    (requestsOfPart(part, settings, latencyMs) * shareRatio) / turnsMissing;
  const ratio = tokenRatioOf(measured.get(model));
  // k6 may begin one more than the integral of a rate.
  const most = requestsAt(latency?.leastMs ?? null) + (part.load.kind === 'open' ? 1 : 0);
  return {
    kind,
    model,
    requests: requestsAt(latency?.likelyMs ?? null),
    leastRequests: requestsAt(latency?.mostMs ?? null),
    mostRequests: most * (1 + settings.retries),
    inputTokens: inputTokens * ratio.likely,
    minInputTokens: Math.floor(inputTokens * ratio.least),
    maxInputTokens: Math.ceil(longestInputTokens * ratio.most) + TEMPLATE_TOKENS,
    outputTokens,
    maxOutputTokens: Math.ceil(maxOutputTokens),
  };
}

/** Of a closed load: as measured, where every model was, else as expected. */
function latencyOf(
  { settings }: PlannedRun,
  kinds: readonly Kind[],
  measured: MeasuredModels,
): LatencyGuess | null {
  const answers = kinds.flatMap(({ model, shareRatio, outputTokens: tokens, maxOutputTokens: limit }) => {
    const known = measured.get(model);
    return known === undefined ? [] : [{ shareRatio, measured: known, tokens, limit }];
  });
  const { expectedLatencyMs: ms } = settings;
  return answers.length === kinds.length
    ? guessLatency(answers)
    : { leastMs: ms, likelyMs: ms, mostMs: ms, measured: false };
}

function requestsOfPart(
  { load, schedule }: PlannedPart,
  { shape, expectedLatencyMs }: PlannedRun['settings'],
  latencyMs: number | null,
): number {
  if (schedule !== null) return schedule.count * shape.meanTurns;
  // A session pauses by itself, beside its answers.
  const pauseMs = shape.meanPauseMs / shape.meanTurns;
  return requestsOf(load, shape.meanTurns, (latencyMs ?? expectedLatencyMs) + pauseMs);
}

function tracedOf({ schedule }: PlannedPart): Traced | null {
  return schedule?.traced ?? null;
}

function kindsOfMix(run: PlannedRun): Kind[] {
  // Parts without a trace ask the same prompts, which are looked at once.
  const known = new Map<Traced | null, Map<KindName, SentAs>>();
  const lookedAt = (traced: Traced | null, kind: KindName): SentAs => {
    const ofTrace = known.get(traced) ?? new Map<KindName, SentAs>();
    known.set(traced, ofTrace);
    const sent = ofTrace.get(kind) ?? lookAt(run, traced, kind);
    ofTrace.set(kind, sent);
    return sent;
  };
  return run.parts.flatMap((part) => kindsOfPart(run, part, (kind) => lookedAt(tracedOf(part), kind)));
}

function kindsOfPart(
  { settings, sessions }: PlannedRun,
  part: PlannedPart,
  lookedAt: (kind: KindName) => SentAs,
): Kind[] {
  // Each turn sends all turns before it once more; a session's own lengths, and a trace's, hold them already.
  const turnsBefore = sessions === null ? (settings.turns - 1) / 2 : 0;
  const { requestKind } = part;
  const sentAs = (begun: KindName): Map<KindName, number> =>
    new Map([...lookedAt(begun)].map(([kind, { shareRatio }]) => [kind, shareRatio]));
  const shares = sentShares(settings.mix, { part: requestKind, run: settings.kind, sentAs });
  return shares.flatMap(({ model, begun, kind, shareRatio }): Kind[] => {
    const lengths = lookedAt(begun).get(kind)?.lengths;
    if (lengths === undefined) return [];
    const { followUp, answer, limit } = lengths;
    const opening = sessions?.meanInputTokens ?? lengths.opening;
    const group: Kind = {
      part,
      kind,
      model,
      shareRatio,
      inputTokens: opening + turnsBefore * (followUp + answer),
      longestInputTokens: opening + turnsBefore * (followUp + limit),
      outputTokens: answer,
      maxOutputTokens: limit,
    };
    return [group];
  });
}

/** Mean tokens of a conversation's first request, of what its user says later, of an answer and of the limit sent. */
type MeanLengths = { opening: number; followUp: number; answer: number; limit: number };

/** As what requests that are begun as one kind are sent: their shares, and their lengths. */
type SentAs = ReadonlyMap<KindName, { shareRatio: number; lengths: MeanLengths }>;

/** Looks at the first requests, whose rows may name a kind of their own. */
function lookAt(run: PlannedRun, traced: Traced | null, begun: KindName): SentAs {
  const { settings, prompts } = run;
  const wantedInput = traced?.inputTokens ?? wantedLength(settings.inputTokens);
  // A text of a wanted length is as long as wanted, and need not be made: to estimate it would be a third too much.
  const lengths = {
    inputTokens: wantedInput === null ? null : 1,
    outputTokens: traced?.outputTokens ?? null,
    blocks: null,
    blockTokens: null,
  };
  const conversations = createConversations({ ...settings, sharedPrefixTokens: 0, images: [] }, prompts, 1);
  const looked: Opened[] = [];
  for (let iteration = 0, chars = 0; iteration < LOOKED_AT && chars < LOOKED_AT_CHARS; iteration++) {
    const opened = conversations.open(iteration, lengths, begun);
    looked.push(opened);
    chars += sum(opened.conversation.messages.map(({ content }) => content.length));
  }
  const kinds = new Set(looked.map(({ kind }) => kind));
  return new Map(
    [...kinds].map((kind) => {
      const own = looked.filter((opened) => opened.kind === kind);
      const lengthsOf = kindOf(kind).answers === 'items' ? itemLengths : textLengths;
      return [
        kind,
        { shareRatio: own.length / looked.length, lengths: lengthsOf(own, run, { traced, kind }) },
      ];
    }),
  );
}

function textLengths(
  looked: readonly Opened[],
  { settings, sessions }: PlannedRun,
  { traced, kind }: { traced: Traced | null; kind: KindName },
): MeanLengths {
  const wantedFollowUp = wantedLength(settings.inputTokens);
  const wantedInput = traced?.inputTokens ?? wantedFollowUp;
  const opening =
    wantedInput === null
      ? meanEstimate(looked.map(({ conversation }) => conversation.messages))
      : estimateTokens(systemText(settings) ?? '') + wantedInput;
  const shown = kindOf(kind).picture === null ? 0 : estimatePictureTokens(settings.images);
  const followUps = looked.flatMap(({ conversation }) => conversation.pending);
  const limit = sessions?.meanMaxTokens ?? mean(looked.map(({ maxTokens }) => maxTokens)) ?? 0;
  return {
    opening: settings.sharedPrefixTokens + opening + shown,
    followUp: wantedFollowUp ?? mean(followUps.map(estimateTokens)) ?? 0,
    answer:
      sessions?.meanOutputTokens ??
      traced?.outputTokens ??
      wantedLength(settings.outputTokens) ??
      limit * TYPICAL_OUTPUT_RATIO,
    limit,
  };
}

/** Of what is answered in one piece: all of its texts are read, and nothing is written. */
function itemLengths(
  looked: readonly Opened[],
  { settings }: PlannedRun,
  { traced }: { traced: Traced | null },
): MeanLengths {
  const wantedInput = traced?.inputTokens ?? wantedLength(settings.inputTokens);
  const lists = looked.map(({ conversation }) => conversation.messages);
  const texts = mean(lists.map((messages) => messages.length)) ?? 0;
  const opening = wantedInput === null ? meanEstimate(lists) : texts * wantedInput;
  return { opening, followUp: 0, answer: 0, limit: 0 };
}

/** Of lists of messages, whose texts come again and again: each is estimated once. */
function meanEstimate(lists: readonly (readonly Message[])[]): number {
  const known = new Map<string, number>();
  const estimated = ({ content }: Message): number => {
    const tokens = known.get(content) ?? estimateTokens(content);
    known.set(content, tokens);
    return tokens;
  };
  return mean(lists.map((messages) => sum(messages.map(estimated)))) ?? 0;
}

function wantedLength(lengths: Distribution | null): number | null {
  return lengths === null ? null : meanOf(lengths);
}

function kindsOfTasks({ settings, parts, tasks }: PlannedRun): Kind[] {
  const system = estimateTokens(systemText(settings) ?? '');
  const weights = sum(tasks.map(({ weight }) => weight));
  return parts.flatMap((part) =>
    tasks.map(({ model, weight, prompts, maxTokens: most, kind = settings.kind }) => {
      const isText = kindOf(kind).answers === 'text';
      const maxTokens = isText ? most : 0;
      const inputTokens = (isText ? system : 0) + (mean(prompts.map(estimateTokens)) ?? 0);
      return {
        part,
        kind,
        model,
        shareRatio: weight / weights,
        inputTokens,
        longestInputTokens: inputTokens,
        outputTokens: maxTokens * TYPICAL_OUTPUT_RATIO,
        maxOutputTokens: maxTokens,
      };
    }),
  );
}

/**
 * Refuses a run whose forecast is over the budget, or whose cost nobody knows (`LLM_BUDGET_MODE=refuse`); else
 * says so.
 *
 * @throws CannotStart with the forecast and the budget.
 */
export function refuseOverBudget({ settings }: PlannedRun, expected: Forecast): void {
  if (settings.budgetUsd === null) return;
  const verdict = judgeBudget(expected, settings.budgetUsd);
  if (verdict.kind === 'within') return;
  if (settings.budgetMode === 'refuse') throw new CannotStart(`LLM_BUDGET_USD: ${verdict.message}`);
  console.warn(`LLM_BUDGET_USD: ${verdict.message}`);
}
