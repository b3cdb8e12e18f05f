import type { ClockAhead } from '../../../summary/clock-ahead.ts';
import { type Adaptation, NO_ADAPTATION, limitFieldFor } from '../../../request/build-body.ts';
import { estimateShownTokens } from '../../../prompts/pictures/parse-images.ts';
import { kindOf } from '../../../kinds/kinds.ts';
import { judgePreflight } from '../../../request/judge-preflight.ts';
import { describeBody } from '../../../answer/failure/error-body.ts';
import { parseJson } from '../../../parse/json.ts';
import type { SideCount } from '../../../summary/summary.ts';
import type { Settings } from '../../../settings/settings.ts';
import type { Measured } from '../../../money/measured.ts';
import { sum } from '../../../numbers/mean.ts';
import { estimateTokens } from '../../../prompts/estimate-tokens.ts';
import { describeList, nameDoubt } from '../../../request/model-list.ts';
import { blameOf } from '../../../request/refusal.ts';
import type { MeasuredModels } from '../run-forecast.ts';
import { failureOf } from '../../../answer/failure/classify-failure.ts';
import { UNKNOWN_USAGE } from '../../../answer/attempt.ts';
import { TRIES_PER_MODEL } from '../../../plan/setup-times.ts';
import type { PreflightQuestion } from '../../../settings/preflight-questions.ts';
import { askForm } from './ask-form.ts';
import { CannotStart } from './cannot-start.ts';
import { type PreflightForm, preflightForms } from './preflight-forms.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { calibrateLengths, type Calibration } from './calibrate-lengths.ts';
import type { PlannedRun } from '../plan-run.ts';
import type { Answer } from '../../vu/transports/transport.ts';

/** What the requests before the load found out and cost, by model. In no `ai_` metric. */
export type Preflight = {
  adaptations: Readonly<Record<string, Adaptation>>;
  spent: Readonly<Record<string, SideCount>>;
  notes: readonly string[];
  /** Names that models answered under. */
  answeredNames: readonly string[];
  /** Models that answered under another name, and whose price would be that of the name asked. */
  unanswered: ReadonlySet<string>;
  /** What the last answer of each model that answered told of it. */
  measured: MeasuredModels;
  /** What wanted prompt lengths are multiplied by; 1: none are wanted, or nothing is known. */
  correctionRatio: number;
};

/** What `GET models` told before. */
export type ModelsPage = {
  /** The names on the server's list; null: none was read. */
  listed: readonly string[] | null;
  /** Why the target seems out of reach; null: it does not. */
  doubt: string | null;
  /** Our clock against the target's; null: it did not tell the time. */
  clockAhead: ClockAhead | null;
};

/**
 * One small chat request of each form that the run will send, over the run's own transport, with the run's own
 * first prompt: what it tells of tokens, length and time holds for the run.
 *
 * @throws CannotStart for a wrong key, an unknown model, a spent quota, a request that is refused.
 */
export function preflight(
  run: PlannedRun,
  { apiKey, clock, page, untilMs, asks }: PreflightInput,
): Preflight {
  const times = { apiKey, clock, untilMs };
  const adaptations = new Map<string, Adaptation>();
  const spent = new Map<string, SideCount>();
  const notes: string[] = [];
  const answeredNames: string[] = [];
  const unanswered = new Set<string>();
  const measured = new Map<string, Measured>();
  const untried = new Set<string>();
  for (const first of asks('chat') ? preflightForms(run) : []) {
    const { model } = first;
    let form = first;
    for (let tries = 0; tries < TRIES_PER_MODEL; tries++) {
      const adaptation = adaptations.get(model) ?? NO_ADAPTATION;
      const answer = askForm(run, { ...times, form, adaptation });
      if (answer === null) {
        untried.add(model);
        break;
      }
      const { outcome, answeredModel } = answer.attempt;
      if (answer.overBudget === true) throw new CannotStart(`LLM_BUDGET_USD: ${wordsOf(answer)}`);
      if (outcome.kind === 'ok') measured.set(model, measuredOf(answer, form, run.settings));
      const doubt = nameDoubt(model, { answered: answeredModel, listed: page.listed });
      if (answeredModel !== null) {
        answeredNames.push(answeredModel);
        if (doubt !== null && hasBorrowedPrice(run, model, answeredModel)) unanswered.add(model);
      }
      spent.set(model, addTo(spent.get(model), run, { answer, model }));
      if (isTooLong(answer) && form.isGreeting !== true && promptsDiffer(run)) {
        const said = outcome.kind === 'failed' ? ` (${outcome.message})` : '';
        notes.push(`the run's first prompt is longer than ${model} takes${said}; others may be too`);
        form = { ...form, messages: kindOf(form.kind).greeting, shown: [], isGreeting: true };
        continue;
      }
      const step = judge(run, form, { answer, adaptation });
      if (page.doubt !== null && confirmsDoubt(answer, step.kind === 'stop'))
        throw new CannotStart(page.doubt);
      if (step.kind === 'stop') throw new CannotStart(step.reason);
      if (step.note !== null) notes.push(step.note);
      if (outcome.kind === 'ok' && answeredModel !== null && doubt !== null) {
        notes.push(unanswered.has(model) ? `${doubt}: no dollars, as no price is known for it` : doubt);
      }
      if (step.kind === 'go-on') break;
      adaptations.set(model, step.adaptation);
    }
  }
  if (untried.size > 0)
    notes.push(
      `no time was left to ask ${describeList([...untried])}: LLM_TIMEOUT is long for so many models`,
    );
  const calibration = asks('lengths') ? calibrate(run, { ...times, adaptations, spent }) : UNCALIBRATED;
  if (calibration.note !== null) notes.push(calibration.note);
  const { correctionRatio } = calibration;
  return {
    adaptations: Object.fromEntries(adaptations),
    spent: Object.fromEntries(spent),
    notes: [...new Set(notes)],
    answeredNames,
    unanswered,
    measured,
    correctionRatio,
  };
}

type PreflightInput = {
  apiKey: string | null;
  clock: Clock;
  page: ModelsPage;
  /** On the clock: nothing is asked any more. */
  untilMs: number;
  asks: (question: PreflightQuestion) => boolean;
};

/** Whether a chat request fared as `GET models` did: no answer, a refused key, a redirect. */
function confirmsDoubt(answer: Answer, stops: boolean): boolean {
  const { outcome, status } = answer.attempt;
  if (outcome.kind === 'ok') return false;
  return stops ? isAuth(answer) || (status >= 300 && status < 400) : status === 0;
}

function isAuth({ attempt: { outcome } }: Answer): boolean {
  return outcome.kind === 'failed' && outcome.error === 'auth';
}

function isTooLong({ attempt: { outcome, status }, bodyText }: Answer): boolean {
  return outcome.kind === 'failed' && blameOf(status, bodyText).kind === 'context';
}

/** Whether the first prompt's length says little about the others'. */
function promptsDiffer({ settings }: PlannedRun): boolean {
  return settings.datasetFile !== null || settings.arrivals.kind === 'trace';
}

/** Whether a model would be priced by a name that did not answer, which nobody but our own table gave a price. */
function hasBorrowedPrice({ pricing }: PlannedRun, asked: string, answered: string): boolean {
  return pricing.priceOf(asked) !== null && pricing.priceFor(asked, answered) === null;
}

/**
 * Synthetic texts are as long as wanted, and not as estimated: their count says nothing of other estimates. It does of
 * pictures, which every server counts in its own way; beside them, each word of such a text is a token.
 */
function measuredOf(
  { attempt: { endMs, usage } }: Answer,
  { messages, shown = [] }: PreflightForm,
  { inputTokens, sharedPrefixTokens, arrivals }: Settings,
): Measured {
  const isSynthetic = inputTokens !== null || sharedPrefixTokens > 0 || arrivals.kind === 'trace';
  const estimate = isSynthetic ? (text: string) => text.split(' ').length : estimateTokens;
  const pictures = estimateShownTokens(shown);
  return {
    estimatedTokens: sum(messages.map(({ content }) => estimate(content))) + pictures,
    reportedTokens: isSynthetic && pictures === 0 ? null : usage.inputTokens,
    latencyMs: endMs,
    outputTokens: usage.outputTokens,
  };
}

/** Why the meter did not send it. */
function wordsOf({ bodyText, attempt: { outcome } }: Answer): string {
  return describeBody(parseJson(bodyText))?.message ?? (outcome.kind === 'failed' ? outcome.message : '');
}

type CalibrationInput = {
  apiKey: string | null;
  clock: Clock;
  untilMs: number;
  adaptations: ReadonlyMap<string, Adaptation>;
  spent: Map<string, SideCount>;
};

const UNCALIBRATED: Calibration = { correctionRatio: 1, note: null };

/** Finds out how the first model's server counts, where prompts of a wanted length are asked for. */
function calibrate(run: PlannedRun, { adaptations, spent, ...times }: CalibrationInput): Calibration {
  const { settings } = run;
  const [first] = settings.mix;
  const model = first?.model ?? '';
  const kind = first?.kind ?? settings.kind;
  if (settings.inputTokens === null && settings.arrivals.kind !== 'trace') return UNCALIBRATED;
  return calibrateLengths(settings.seed, (messages) => {
    const adaptation = adaptations.get(model) ?? NO_ADAPTATION;
    const { stream, temperature } = settings;
    const temperatureIsSet = temperature !== null;
    const form = { kind, model, messages, stream, temperature, temperatureIsSet };
    const answer = askForm(run, { ...times, form, adaptation });
    if (answer === null) return NO_TIME;
    spent.set(model, addTo(spent.get(model), run, { answer, model }));
    return answer.attempt;
  });
}

const NO_TIME = { outcome: failureOf('timeout', 'no time was left to ask'), usage: UNKNOWN_USAGE };

function judge(
  run: PlannedRun,
  { kind, model, temperatureIsSet }: PreflightForm,
  { answer, adaptation }: { answer: Answer; adaptation: Adaptation },
) {
  const { tokenParam, provider, extraBody } = run.settings;
  return judgePreflight({
    attempt: answer.attempt,
    bodyText: answer.bodyText,
    kind,
    model,
    tokenParam: limitFieldFor(model, { kind: kindOf(kind), tokenParam, provider }, adaptation),
    adaptation,
    temperatureIsSet,
    ownFields: Object.keys(extraBody),
  });
}

function addTo(
  before: SideCount | undefined,
  run: PlannedRun,
  { answer, model }: { answer: Answer; model: string },
): SideCount {
  const { usage, rates, answeredModel } = answer.attempt;
  const cost = run.pricing.costUsd({ usage, rates, model, answeredModel });
  const costUsd = cost.kind === 'priced' ? cost.costUsd : null;
  return {
    requests: (before?.requests ?? 0) + 1,
    inputTokens: (before?.inputTokens ?? 0) + (usage.inputTokens ?? 0),
    outputTokens: (before?.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    costUsd: costUsd === null ? (before?.costUsd ?? null) : (before?.costUsd ?? 0) + costUsd,
  };
}
