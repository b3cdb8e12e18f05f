import {
  type Adaptation,
  type Message,
  NO_ADAPTATION,
  tokenParamFor,
} from '../../../request/request-body.ts';
import { judgePreflight, PREFLIGHT_MAX_TOKENS } from '../../../request/judge-preflight.ts';
import { describeBody } from '../../../answer/failure/error-body.ts';
import { parseJson } from '../../../parse/json-text.ts';
import type { SideCount } from '../../../summary/summary.ts';
import { CannotStart } from './cannot-start.ts';
import { createClient } from '../../vu/client.ts';
import type { Clock } from '../../engine/k6-api.ts';
import { createComposer } from '../../vu/composer.ts';
import { calibrateLengths, type Calibration } from './length-calibration.ts';
import type { PlannedRun } from '../plan-run.ts';
import type { Answer } from '../../vu/transports/transport.ts';

/** What the requests before the load found out and cost, by model. In no `ai_` metric. */
export type Preflight = {
  adaptations: Readonly<Record<string, Adaptation>>;
  spent: Readonly<Record<string, SideCount>>;
  notes: readonly string[];
  /** Names that models answered under. */
  answeredNames: readonly string[];
  /** What wanted prompt lengths are multiplied by; 1: none are wanted, or nothing is known. */
  correctionRatio: number;
};

/** As many fields as a model may refuse, and the request that then passes. */
const MAX_TRIES = 4;

/**
 * One small chat request for each model, over the run's own transport.
 *
 * @throws CannotStart for a wrong key, an unknown model, a spent quota, a request that is refused.
 */
export function preflight(run: PlannedRun, apiKey: string | null, clock: Clock): Preflight {
  const adaptations: Record<string, Adaptation> = {};
  const spent: Record<string, SideCount> = {};
  const notes: string[] = [];
  const answeredNames: string[] = [];
  for (const { model } of run.settings.mix) {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const adaptation = adaptations[model] ?? NO_ADAPTATION;
      const answer = askOnce(run, { model, apiKey, clock, adaptation });
      if (answer.attempt.answeredModel !== null) answeredNames.push(answer.attempt.answeredModel);
      spent[model] = addTo(spent[model], run, { answer, model });
      if (answer.overBudget === true) throw new CannotStart(`LLM_BUDGET_USD: ${wordsOf(answer)}`);
      const step = judge(run, { model, answer, adaptation });
      if (step.kind === 'stop') throw new CannotStart(step.reason);
      if (step.note !== null) notes.push(step.note);
      if (step.kind === 'go-on') break;
      adaptations[model] = step.adaptation;
    }
  }
  const calibration = calibrate(run, { apiKey, clock, adaptations, spent });
  if (calibration.note !== null) notes.push(calibration.note);
  return { adaptations, spent, notes, answeredNames, correctionRatio: calibration.correctionRatio };
}

/** Why the meter did not send it. */
function wordsOf({ bodyText, attempt: { outcome } }: Answer): string {
  return describeBody(parseJson(bodyText))?.message ?? (outcome.kind === 'failed' ? outcome.message : '');
}

type CalibrationInput = {
  apiKey: string | null;
  clock: Clock;
  adaptations: Readonly<Record<string, Adaptation>>;
  spent: Record<string, SideCount>;
};

/** Finds out how the first model's server counts, where prompts of a wanted length are asked for. */
function calibrate(run: PlannedRun, { apiKey, clock, adaptations, spent }: CalibrationInput): Calibration {
  const { settings } = run;
  const model = settings.mix[0]?.model ?? '';
  if (settings.inputTokens === null && settings.arrivals.kind !== 'trace')
    return { correctionRatio: 1, note: null };
  return calibrateLengths(settings.seed, (messages) => {
    const adaptation = adaptations[model] ?? NO_ADAPTATION;
    const answer = askOnce(run, { model, apiKey, clock, adaptation, messages });
    spent[model] = addTo(spent[model], run, { answer, model });
    return answer.attempt;
  });
}

const GREETING: readonly Message[] = [{ role: 'user', content: 'Say OK.' }];

type PreflightRequest = {
  model: string;
  apiKey: string | null;
  clock: Clock;
  adaptation: Adaptation;
  messages?: readonly Message[];
};

function askOnce(
  run: PlannedRun,
  { model, apiKey, clock, adaptation, messages = GREETING }: PreflightRequest,
): Answer {
  const { settings } = run;
  const compose = createComposer(settings, { [model]: adaptation });
  const request = compose({
    model,
    messages,
    maxTokens: Math.min(PREFLIGHT_MAX_TOKENS, settings.maxTokens),
    exactLength: false,
    stream: settings.stream,
    temperature: settings.temperature,
    wantsText: false,
  });
  return createClient({ settings, apiKey, clock, tag: 'preflight' }).send(request);
}

function judge(
  run: PlannedRun,
  { model, answer, adaptation }: { model: string; answer: Answer; adaptation: Adaptation },
) {
  const { tokenParam, provider, temperature, extraBody } = run.settings;
  return judgePreflight({
    attempt: answer.attempt,
    bodyText: answer.bodyText,
    model,
    tokenParam: tokenParamFor(model, { tokenParam, wire: provider.wire }, adaptation),
    adaptation,
    temperatureIsSet: temperature !== null,
    ownFields: Object.keys(extraBody),
  });
}

function addTo(
  before: SideCount | undefined,
  run: PlannedRun,
  { answer, model }: { answer: Answer; model: string },
): SideCount {
  const { usage, answeredModel } = answer.attempt;
  const cost = run.pricing.costUsd({ usage, model, answeredModel });
  const costUsd = cost.kind === 'priced' ? cost.costUsd : null;
  return {
    requests: (before?.requests ?? 0) + 1,
    inputTokens: (before?.inputTokens ?? 0) + (usage.inputTokens ?? 0),
    outputTokens: (before?.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    costUsd: costUsd === null ? (before?.costUsd ?? null) : (before?.costUsd ?? 0) + costUsd,
  };
}
