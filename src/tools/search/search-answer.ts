import type { QuestionAnswer } from '../answers/question-answer.ts';
import { addedTime, type AddedTime, type MachineCalibration } from '../calibration/calibration.ts';
import type { RunFinding } from '../../lib/summary/summary.ts';
import type { SearchOutcome, TriedLoad } from './next-step.ts';
import type { StepRecord } from './step-record.ts';
import { loadText, type LoadUnit, shortLoad } from './load-text.ts';

/** `answer.json` of `k6-llm search`. */
export type SearchAnswer = QuestionAnswer & {
  /** The highest load that held; between `low`, which held beyond noise, and `high`, which broke beyond noise. */
  capacity: { value: number; low: number; high: number; unit: LoadUnit } | null;
  /** Why there is no capacity, or why it is coarser than asked; null otherwise. */
  reason: string | null;
  slo: readonly string[];
  /** What held, however much was known above it; null where nothing did. */
  highestHeld: { load: number; unit: LoadUnit } | null;
  /** What breaks above it, in words; null where nothing broke. */
  breaksFirst: string | null;
  /** What this machine added there, where it was calibrated and answers were streamed; null elsewhere. */
  client: AddedTime | null;
  /** What limits the server, from the single requests of all steps; null where they are few, or the search goes on. */
  limits: RunFinding | null;
  /** At the capacity, or at what held; null where nothing did. */
  there: SearchPoint | null;
  steps: readonly (SearchPoint & {
    verdict: TriedLoad['counts'];
    tries: number;
    reasons: readonly string[];
  })[];
};

/** What was measured at one load. */
export type SearchPoint = {
  load: number;
  unit: LoadUnit;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  ttftP50Ms: number | null;
  ttftP95Ms: number | null;
  tpotP50Ms: number | null;
  failedRatio: number | null;
  goodputRatio: number | null;
  goodPerSec: number | null;
  outputTokensPerSec: number | null;
  tokensPerSecAUser: number | null;
  usdPerHour: number | null;
};

/** How a search ended: by itself, or before. */
export type SearchEnd =
  | SearchOutcome
  | { kind: 'interrupted' }
  | { kind: 'over-budget'; reason: string }
  | { kind: 'failed'; reason: string };

const QUESTION = 'How much can it take?';

export function searchAnswer({
  tried,
  end,
  unit,
  slo,
  machine = null,
  limits = null,
}: {
  machine?: MachineCalibration | null;
  limits?: RunFinding | null;
  tried: readonly TriedLoad[];
  end: SearchEnd;
  unit: LoadUnit;
  slo: readonly string[];
}): SearchAnswer {
  const ceiling = tried.find(({ counts }) => counts !== 'held');
  const below = tried.filter(
    ({ load, counts }) => counts === 'held' && (ceiling === undefined || load < ceiling.load),
  );
  const held = below.at(-1) ?? null;
  const broken = tried.find(({ counts }) => counts === 'broken') ?? null;
  const capacity = capacityOf({ held, below, tried, broken, end, unit });
  const parts = { held, broken, end, unit, slo, capacity };
  return {
    question: QUESTION,
    sentence: sentenceOf(parts),
    partial: end.kind === 'interrupted' || end.kind === 'over-budget' || end.kind === 'failed',
    capacity,
    reason: reasonOf(parts),
    slo,
    highestHeld: held === null ? null : { load: held.load, unit },
    breaksFirst: broken === null ? null : whyOf(broken),
    client: clientOf(held, machine),
    limits,
    there: held === null ? null : pointOf(held, unit),
    steps: tried.map((each) => ({
      ...pointOf(each, unit),
      verdict: each.counts,
      tries: each.steps.length,
      reasons: each.verdict.reasons,
    })),
  };
}

function clientOf(held: TriedLoad | null, machine: MachineCalibration | null): AddedTime | null {
  const step = held?.shown ?? null;
  if (step === null || step.ttftMs === null || machine === null) return null;
  return addedTime(machine, step.openAtOnce);
}

type Parts = {
  held: TriedLoad | null;
  broken: TriedLoad | null;
  end: SearchEnd;
  unit: LoadUnit;
  slo: readonly string[];
  capacity: SearchAnswer['capacity'];
};

/** A number only between a load that held and one that broke: what the client could not make says nothing. */
function capacityOf({
  held,
  below,
  tried,
  broken,
  end,
  unit,
}: Omit<Parts, 'slo' | 'capacity'> & {
  below: readonly TriedLoad[];
  tried: readonly TriedLoad[];
}): SearchAnswer['capacity'] {
  const mayTell =
    end.kind === 'found' || end.kind === 'interrupted' || end.kind === 'over-budget' || end.kind === 'failed';
  if (!mayTell || held === null || broken === null) return null;
  const clear = (each: TriedLoad): boolean => 'isClear' in each.verdict && each.verdict.isClear;
  const low =
    below.filter((each) => clear(each) && each.isFull).at(-1) ??
    below.filter((each) => each !== held).at(-1) ??
    held;
  const high =
    tried.find((each) => each.load >= broken.load && each.counts === 'broken' && clear(each)) ?? broken;
  return { value: held.load, low: Math.min(low.load, held.load), high: high.load, unit };
}

function sentenceOf({ held, broken, end, unit, slo, capacity }: Parts): string {
  const kept = slo.join(' and ');
  const heldText = held === null ? null : loadText(held.load, unit);
  const soFar =
    held === null
      ? broken === null
        ? 'nothing is known yet'
        : `it did not keep ${kept} at ${loadText(broken.load, unit)}`
      : broken === null
        ? `it kept ${kept} up to ${heldText}, and nothing broke`
        : `it kept ${kept} up to ${heldText} and broke at ${loadText(broken.load, unit)}`;
  switch (end.kind) {
    case 'found':
      return `It takes ${heldText} within ${kept}${capacity === null ? '' : ` (between ${shortLoad(capacity.low, unit)} and ${shortLoad(capacity.high, unit)})`}; at ${loadText(end.broke, unit)}, ${whyOf(broken)}.`;
    case 'broke-at-once':
      return `It does not keep ${kept} even at ${loadText(end.load, unit)}, the lowest load tried: ${whyOf(broken)}.`;
    case 'held-to-the-end':
      return `It kept ${kept} up to ${loadText(end.load, unit)}, the highest load asked, so where it breaks is not known.`;
    case 'beyond-client':
      return held === null
        ? `This client could not make even ${loadText(end.notDriven, unit)}, so nothing is known of the server.`
        : `It kept ${kept} up to ${heldText}; ${loadText(end.notDriven, unit)} is more than this client could make, so where the server breaks is not known.`;
    case 'interrupted':
      return `Interrupted: so far, ${soFar}.`;
    case 'over-budget':
      return `The budget ended the search: so far, ${soFar}.`;
    case 'failed':
      return `A run could not be made: so far, ${soFar}.`;
    default:
      return end satisfies never;
  }
}

function whyOf(broken: TriedLoad | null): string {
  const reasons = broken?.verdict.reasons ?? [];
  return reasons.length === 0 ? 'it broke' : reasons.join('; ');
}

function reasonOf({ end, unit, held }: Parts): string | null {
  switch (end.kind) {
    case 'found':
      return null;
    case 'broke-at-once':
      return `it broke at the lowest load tried, ${loadText(end.load, unit)}; --min asks for a lower one`;
    case 'held-to-the-end':
      return `nothing broke up to ${loadText(end.load, unit)}; --max asks for more`;
    case 'beyond-client':
      return `the client could look no further than ${held === null ? 'nothing' : loadText(held.load, unit)}: it did not make ${loadText(end.notDriven, unit)}`;
    case 'interrupted':
      return 'interrupted; --resume goes on';
    case 'over-budget':
    case 'failed':
      return end.reason;
    default:
      return end satisfies never;
  }
}

/** As the service level judges it: of the time measured. */
export function failedRatio({ measured: { requests, failed } }: StepRecord): number | null {
  return requests === 0 ? null : failed / requests;
}

function pointOf(tried: TriedLoad, unit: LoadUnit): SearchPoint {
  const { load } = tried;
  const step = tried.shown;
  return {
    load,
    unit,
    latencyP50Ms: step?.latencyMs?.p50 ?? null,
    latencyP95Ms: step?.latencyMs?.p95 ?? null,
    ttftP50Ms: step?.ttftMs?.p50 ?? null,
    ttftP95Ms: step?.ttftMs?.p95 ?? null,
    tpotP50Ms: step?.tpotMs?.p50 ?? null,
    failedRatio: step === null ? null : failedRatio(step),
    goodputRatio: step?.goodputRatio ?? null,
    goodPerSec: step?.goodPerSec ?? null,
    outputTokensPerSec: step?.outputTokensPerSec ?? null,
    tokensPerSecAUser: step?.tokensPerSecAUser ?? null,
    usdPerHour: step?.usdPerHour ?? null,
  };
}
