import { isKindName, KIND_NAMES, type KindName } from '../kinds/kinds.ts';
import { ConfigError } from '../parse/config-error.ts';
import { durationMs } from '../parse/values.ts';
import type { ClosedStage, Load, OpenStage } from './load.ts';
import type { LoadShape, StageShape } from './load-builders.ts';
import type { LoadPart } from './scale-load.ts';

/** A part of a scenario as its file spells it. */
export type ShapedPart = {
  name: string;
  load: LoadShape;
  /** Of request; by default what the mix or `LLM_KIND` says. */
  kind?: KindName;
};

/** Until the settings say better (`scaleLoad`). */
const UNSET = { thinkTimeMeanMs: 2500, expectedLatencyMs: 5000 };

/**
 * Reads a part's load.
 *
 * @throws ConfigError for a duration, a number or a list of stages that is none.
 */
export function parsePart({ name, load, kind }: ShapedPart): LoadPart {
  const minVus = load.kind === 'open' ? load.minVus : undefined;
  if (minVus !== undefined) whole(minVus, { place: `load of ${name}: minVus`, min: 1 });
  if (kind !== undefined && !isKindName(kind)) {
    throw problem(`load of ${name}: kind`, String(kind), `one of ${KIND_NAMES.join(', ')}`);
  }
  return {
    name,
    load: parseLoad(load, `load of ${name}`),
    ...(minVus === undefined ? {} : { minVus }),
    requestKind: kind ?? null,
  };
}

function parseLoad(shape: LoadShape, place: string): Load {
  // Whoever writes JavaScript may hand over anything.
  const { kind }: { kind: string } = shape;
  switch (shape.kind) {
    case 'iterations':
      whole(shape.count, { place: `${place}: iterations`, min: 1 });
      return { kind: 'iterations', count: shape.count };
    case 'closed': {
      for (const { target } of [{ target: shape.start }, ...stagesOf(shape, place)]) {
        whole(target, { place: `${place}: users`, min: 0 });
      }
      const stages = lines(shape, place).map(({ durationMs, from, to }): ClosedStage => ({
        durationMs,
        fromVus: from,
        toVus: to,
      }));
      return { kind: 'closed', ...UNSET, stages };
    }
    case 'open':
      return {
        kind: 'open',
        stages: lines(shape, place).map(({ durationMs, from, to }): OpenStage => ({
          durationMs,
          fromPerSec: from,
          toPerSec: to,
        })),
      };
    default:
      throw new ConfigError({
        setting: place,
        got: kind,
        expected: 'what users, rate, steps, trace or iterations makes',
        example: "load: users(20, '5m')",
      });
  }
}

type Line = { durationMs: number; from: number; to: number };

const MAX_MS = 7 * 86_400_000;
const EXAMPLE = "rate({ start: 1, stages: [{ duration: '2m', target: 20 }] })";

/** Each stage from where the one before left off; one of no length is a jump. */
function lines(shape: { start: number; stages: readonly StageShape[] }, place: string): Line[] {
  let from = positive(shape.start, `${place}: start`);
  const found: Line[] = [];
  for (const [index, { duration, target }] of stagesOf(shape, place).entries()) {
    const at = `${place}: stage ${index + 1}`;
    const to = positive(target, `${at}: target`);
    const lengthMs = durationMs({ min: 0, max: MAX_MS, example: '2m' })(String(duration), at);
    if (lengthMs > 0) found.push({ durationMs: lengthMs, from, to });
    from = to;
  }
  if (found.some((line) => line.from > 0 || line.to > 0)) return found;
  throw problem(place, 'no load', 'a stage that takes time and has a target above 0');
}

function stagesOf({ stages }: { stages: readonly StageShape[] }, place: string): readonly StageShape[] {
  if (Array.isArray(stages) && stages.length > 0) return stages;
  throw problem(place, JSON.stringify(stages) ?? 'no stages', 'a list of stages');
}

function positive(value: number, place: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1_000_000) return value;
  throw problem(place, String(value), 'a number from 0 to 1000000');
}

function whole(value: number, { place, min }: { place: string; min: number }): void {
  if (Number.isSafeInteger(value) && value >= min && value <= 1_000_000_000) return;
  throw problem(place, String(value), `a whole number of at least ${min}`);
}

function problem(setting: string, got: string, expected: string): ConfigError {
  return new ConfigError({ setting, got, expected, example: EXAMPLE });
}
