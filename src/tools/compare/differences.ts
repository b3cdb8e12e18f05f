import { interruptedText } from '../../lib/summary/interruption.ts';
import { settingsWith } from '../../lib/settings/catalog.ts';
import type { Summary } from '../../lib/summary/summary.ts';

/** One way in which two runs differ. */
export type Difference = { what: string; first: string; second: string };

/**
 * Why two runs cannot be compared: other model, mix, load shape, prompts or seed, or one that was interrupted. Target, provider and
 * transport may differ: that is what one compares. A setting that one run does not know is passed over.
 */
export function differences(first: Summary, second: Summary): Difference[] {
  const pairs: [string, string | null, string | null][] = [
    ['scenario', first.scenario, second.scenario],
    ['load model', first.load.model, second.load.model],
    ['peak rate', text(first.load.peakRatePerSec), text(second.load.peakRatePerSec)],
    ['models', modelsOf(first), modelsOf(second)],
    ['seed', text(first.seed), text(second.seed)],
    ['end', endOf(first), endOf(second)],
    ...settingsWith('comparison').map((name): [string, string | null, string | null] => [
      name,
      first.settings[name] ?? null,
      second.settings[name] ?? null,
    ]),
  ];
  return pairs.flatMap(([what, ours, theirs]) =>
    ours === null || theirs === null || ours === theirs
      ? []
      : [{ what, first: ours || NOT_SET, second: theirs || NOT_SET }],
  );
}

const NOT_SET = '(not set)';

function modelsOf(summary: Summary): string | null {
  const names = Object.keys(summary.models).toSorted();
  return names.length === 0 ? null : names.join(', ');
}

/** Half of a load is another load: it lacks the peak, or the way down. */
function endOf(summary: Summary): string {
  return interruptedText(summary) ?? 'as planned';
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}
