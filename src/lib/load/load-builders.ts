/**
 * A load as a scenario spells it: durations as k6 writes them, stages as in k6's own executors. `parseLoad` reads it;
 * a VU only ever asks its kind.
 */
export type LoadShape = IterationsShape | ClosedShape | OpenShape;

/** So many iterations, however long they take. */
export type IterationsShape = { kind: 'iterations'; count: number };

/** Users who ask, wait for the answer, pause, and ask again. */
export type ClosedShape = { kind: 'closed'; start: number; stages: readonly StageShape[] };

/** Iterations that start whether or not others have ended. */
export type OpenShape = {
  kind: 'open';
  /** Of the first stage, per second. */
  start: number;
  stages: readonly StageShape[];
  /** Fewest VUs, whatever Little's law says. */
  minVus?: number;
  /** It has a spike to recover from: its requests carry the tag `window`. */
  hasSpike?: boolean;
  /** Each stage is judged by itself: its requests carry the tag `step`. */
  hasSteps?: boolean;
  /** `LLM_ARRIVALS`, unless the environment says another. */
  arrivals?: string;
};

/** In a line to the target, within the duration; `0s` is a jump. As a stage of k6's options. */
export type StageShape = { duration: string; target: number };

/** So many iterations by one user (or `LLM_VUS`), one after the other. */
export function iterations(count: number): IterationsShape {
  return { kind: 'iterations', count };
}

/**
 * Users: so many for so long, or in stages. `LLM_VUS` sets another peak, `LLM_TIME_SCALE` another length.
 *
 * @example users(20, '5m')
 * @example users({ stages: [{ duration: '1m', target: 20 }, { duration: '5m', target: 20 }] })
 */
export function users(count: number, duration: string): ClosedShape;
export function users(shape: { start?: number; stages: readonly StageShape[] }): ClosedShape;
export function users(
  given: number | { start?: number; stages: readonly StageShape[] },
  duration = '',
): ClosedShape {
  return typeof given === 'number'
    ? { kind: 'closed', start: given, stages: [{ duration, target: given }] }
    : { kind: 'closed', start: given.start ?? 0, stages: given.stages };
}

/** Rates per second, fractions too. */
export type RateShape = Omit<OpenShape, 'kind' | 'start' | 'hasSteps' | 'arrivals'> & { start?: number };

/**
 * Iterations per second, whether or not others have ended: so many for so long, or in stages. `LLM_RATE` sets another
 * peak, `LLM_TIME_SCALE` another length, `LLM_ARRIVALS` how they are spaced.
 *
 * @example rate(2, '10m')
 * @example rate({ start: 1, stages: [{ duration: '2m', target: 20 }] })
 */
export function rate(perSec: number, duration: string): OpenShape;
export function rate(shape: RateShape): OpenShape;
export function rate(given: number | RateShape, duration = ''): OpenShape {
  return typeof given === 'number'
    ? { kind: 'open', start: given, stages: [{ duration, target: given }] }
    : { ...given, kind: 'open', start: given.start ?? 0 };
}

/**
 * Steps of constant rate up to `to` per second, all of one length, each judged by itself. The run stops after the first
 * that breaks a threshold: the summary's `steps` is the capacity curve.
 *
 * @example steps({ to: 200, count: 20, each: '30s' })
 */
export function steps({ to, count, each }: { to: number; count: number; each: string }): OpenShape {
  const stages: StageShape[] = [];
  for (let index = 1; index <= count; index++) {
    const target = (to * index) / count;
    stages.push({ duration: '0s', target }, { duration: each, target });
  }
  return { kind: 'open', start: to / count, stages, hasSteps: true };
}

/**
 * The recorded times of a trace (docs/workloads.md), one iteration each. The path is absolute or relative to the
 * bundle, as k6's `open()` takes it; `?unit=s` behind it says what the trace does not.
 */
export function trace(file: string): OpenShape {
  return { kind: 'open', start: 1, stages: [{ duration: '1s', target: 1 }], arrivals: `trace:${file}` };
}
