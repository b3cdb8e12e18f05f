import { isRecord } from '../parse/json.ts';
import type { PlannedStep } from '../plan/planned-steps.ts';
import type { RunContext } from './build-summary.ts';
import { finiteOrNull } from './k6-data.ts';
import { readSetup, type SetupRecord } from './setup-record.ts';

/**
 * All that a run knows of itself when its load begins. It stands in the header of its samples, so that whoever has them
 * alone can tell the run as its own summary does.
 */
export type RunRecord = { context: RunContext; setup: SetupRecord };

/** Reads what stands in a header. It cannot throw; null where a file of before has none. */
export function readRunRecord(value: unknown): RunRecord | null {
  if (!isRecord(value) || !isRecord(value['context'])) return null;
  const setup = readSetup({ record: value['setup'] });
  return setup === null ? null : { context: readContext(value['context']), setup };
}

function readContext(context: Readonly<Record<string, unknown>>): RunContext {
  const { dimensions, load, settings } = context;
  const apart = isRecord(dimensions) ? dimensions : {};
  const planned = isRecord(load) ? load : {};
  const model = planned['model'];
  return {
    scenario: text(context['scenario']),
    target: text(context['target']),
    provider: text(context['provider']),
    seed: finiteOrNull(context['seed']),
    transport: text(context['transport']),
    stream: context['stream'] === true,
    dimensions: {
      models: texts(apart['models']),
      testTypes: texts(apart['testTypes']),
      providers: texts(apart['providers']),
      kinds: texts(apart['kinds']),
      hasWarmup: apart['hasWarmup'] === true,
      hasServerPage: apart['hasServerPage'] === true,
      windows: texts(apart['windows']),
      steps: texts(apart['steps']),
      ownSteps: [],
      turns: texts(apart['turns']),
      hasSessions: apart['hasSessions'] === true,
    },
    sloJudged: texts(context['sloJudged']),
    load: {
      model: model === 'open' || model === 'closed' ? model : 'iterations',
      peakRatePerSec: finiteOrNull(planned['peakRatePerSec']),
      offered: finiteOrNull(planned['offered']),
      iterations: finiteOrNull(planned['iterations']),
      vusAllocated: finiteOrNull(planned['vusAllocated']),
      segment: typeof planned['segment'] === 'string' ? planned['segment'] : null,
    },
    steps: items(context['steps']).flatMap(readStep),
    notes: texts(context['notes']),
    fullPriceWhenCached: texts(context['fullPriceWhenCached']),
    budgetUsd: finiteOrNull(context['budgetUsd']),
    datasetRows: finiteOrNull(context['datasetRows']),
    deferred: [],
    settings: Object.fromEntries(
      Object.entries(isRecord(settings) ? settings : {}).map(([name, value]) => [name, text(value)]),
    ),
    ending: null,
    untold: [],
  };
}

function readStep(value: unknown): PlannedStep[] {
  if (!isRecord(value)) return [];
  const ratePerSec = finiteOrNull(value['ratePerSec']);
  const startMs = finiteOrNull(value['startMs']);
  const durationMs = finiteOrNull(value['durationMs']);
  if (ratePerSec === null || startMs === null || durationMs === null) return [];
  return [{ name: text(value['name']), ratePerSec, startMs, durationMs }];
}

/** Files come from anywhere, and no run has more models, steps or notes. */
const MAX_ITEMS = 1000;

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : [];
}

function texts(value: unknown): string[] {
  return items(value).filter((item) => typeof item === 'string');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
