import { parseDataset } from '../../src/lib/prompts/dataset/dataset.ts';
import { parseMix } from '../../src/lib/prompts/mix.ts';
import { createMixPicker } from '../../src/lib/prompts/weighted-picker.ts';
import { createBuiltInPicker } from '../../src/lib/prompts/built-in-picker.ts';
import { createRandom, gamma, hashUnit, lognormal, standardNormal } from '../../src/lib/numbers/random.ts';
import { drawSchedule } from '../../src/lib/load/draw-schedule.ts';
import { createSyntheticPicker } from '../../src/lib/prompts/synthetic-texts.ts';

const STAGES = [
  { durationMs: 10_000, fromPerSec: 1, toPerSec: 100 },
  { durationMs: 10_000, fromPerSec: 100, toPerSec: 0 },
];
const COUNT = 300;

/** Everything that a seed decides, in short: for comparing engines with each other. */
export function workloadDigest(): Record<string, string> {
  const random = createRandom(7);
  const mix = createMixPicker(parseMix('a=70,b=20,c=10', 'LLM_MIX'), 42);
  const synthetic = createSyntheticPicker({
    inputTokens: { kind: 'lognormal', median: 100, sigma: 0.5 },
    turns: 2,
    correctionRatio: 0.9,
    seed: 42,
  });
  const builtIn = createBuiltInPicker(42);
  const csv = 'prompt,system\n"A, ""one""\nline twö 🙂",s\nB,s\n';
  return {
    poisson: digestOf(drawSchedule(STAGES, { arrivals: { kind: 'poisson' }, seed: 42 })),
    bursts: digestOf(drawSchedule(STAGES, { arrivals: { kind: 'gamma', cv: 2 }, seed: 42 })),
    draws: digestOf(
      times(() =>
        bitsOf([random.next(), standardNormal(random), gamma(random, 0.3), lognormal(random, 300, 0.7)]),
      ),
    ),
    hashes: digestOf(times((i) => bitsOf([hashUnit(2 ** 45 + i, 'prompt', i)]))),
    mix: digestOf(times((i) => mix.pick(i))),
    synthetic: digestOf(times((i) => JSON.stringify(synthetic.pick(i)))),
    builtIn: digestOf(times((i) => JSON.stringify(builtIn.pick(i)))),
    csv: digestOf(parseDataset(csv, { fileName: 'a.csv', setting: 'LLM_DATASET' }).rows),
  };
}

function times<T>(make: (index: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, index) => make(index));
}

/** The bits themselves: k6's engine writes some numbers with another last digit than Node does. */
function bitsOf(numbers: readonly number[]): string {
  return [...new Uint32Array(new Float64Array(numbers).buffer)].join(',');
}

function digestOf(values: readonly (string | number)[]): string {
  let hash = 0;
  const text = values.join('|');
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return `${values.length}:${hash}`;
}
