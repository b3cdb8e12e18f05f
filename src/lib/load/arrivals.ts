import { ConfigError } from '../parse/config-error.ts';

/**
 * How the requests of an open load are spaced (`LLM_ARRIVALS`).
 *
 * `even` is k6's own arrival-rate executor. The others become a schedule of intended start times: `poisson`
 * has independent arrivals, as many users make; `gamma` has gaps with the given coefficient of variation
 * (1 is Poisson, above 1 comes in bursts); `trace` replays recorded times.
 */
export type Arrivals =
  | { kind: 'even' }
  | { kind: 'poisson' }
  | { kind: 'gamma'; cv: number }
  | { kind: 'trace'; file: string };

const MIN_CV = 0.05;
const MAX_CV = 20;

/**
 * Reads `even`, `poisson`, `gamma:CV` or `trace:FILE`.
 *
 * @throws ConfigError on anything else, or a CV out of 0.05 to 20.
 */
export function parseArrivals(text: string, setting: string): Arrivals {
  const trimmed = text.trim();
  const splitAt = trimmed.indexOf(':');
  const kind = (splitAt === -1 ? trimmed : trimmed.slice(0, splitAt)).toLowerCase();
  const argument = splitAt === -1 ? null : trimmed.slice(splitAt + 1).trim();
  if ((kind === 'even' || kind === 'poisson') && argument === null) return { kind };
  if (kind === 'trace' && argument !== null && argument !== '') return { kind, file: argument };
  if (kind === 'gamma' && argument !== null && /^(\d+(\.\d*)?|\.\d+)$/.test(argument)) {
    const cv = Number(argument);
    if (cv >= MIN_CV && cv <= MAX_CV) return { kind, cv };
  }
  throw new ConfigError({
    setting,
    got: text,
    expected: `even, poisson, gamma:CV (coefficient of variation of the gaps, ${MIN_CV} to ${MAX_CV}) or trace:FILE`,
    example: `${setting}=poisson`,
  });
}
