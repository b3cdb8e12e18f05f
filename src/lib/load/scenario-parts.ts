import { parsePart, type ShapedPart } from './parse-load.ts';
import type { LoadPart } from './scale-load.ts';
import {
  abLoad,
  baselineLoad,
  breakpointLoad,
  mixedLoad,
  smokeLoad,
  soakLoad,
  spikeLoad,
  stressLoad,
} from './scenario-loads.ts';

const part = (name: string, load: ShapedPart['load']): LoadPart => parsePart({ name, load });

export const SMOKE = part('smoke', smokeLoad());
export const BASELINE = part('baseline', baselineLoad());
export const SPIKE = part('spike', spikeLoad());
export const STRESS = part('stress', stressLoad());
export const BREAKPOINT = part('breakpoint', breakpointLoad());

/** The load of each scenario, by its name: for the launcher, which runs no scenario itself. */
export const SCENARIO_PARTS: Readonly<Record<string, readonly LoadPart[]>> = {
  smoke: [SMOKE],
  baseline: [BASELINE],
  spike: [SPIKE],
  stress: [STRESS],
  suite: [BASELINE, SPIKE, STRESS],
  soak: [part('soak', soakLoad())],
  breakpoint: [BREAKPOINT],
  mixed: [part('mixed', mixedLoad())],
  ab: [part('ab', abLoad())],
};
