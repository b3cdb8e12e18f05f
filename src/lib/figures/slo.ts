import { ConfigError } from '../parse/config-error.ts';

/** What an SLO term can judge, in the order in which messages list them. */
export const SLO_FIGURES = ['ttft', 'ttfo', 'tpot', 'latency'] as const;

export type SloFigure = (typeof SLO_FIGURES)[number];

/** One term: the figure of a good request is at most `limitMs`. */
export type SloTerm = { figure: SloFigure; limitMs: number };

/** What makes a request good (`LLM_SLO`): it meets every term. Never empty as parsed, each figure once. */
export type Slo = readonly SloTerm[];

/** What a successful request took; null where it is unknown or not defined (TPOT below two tokens). */
export type SloFigures = {
  ttftMs: number | null;
  ttfoMs: number | null;
  tpotMs: number | null;
  latencyMs: number | null;
};

const FIELDS = { ttft: 'ttftMs', ttfo: 'ttfoMs', tpot: 'tpotMs', latency: 'latencyMs' } as const;

/** A day: a larger limit is a slip of the unit. */
const MAX_LIMIT_MS = 86_400_000;

/**
 * Reads `ttft:3000,latency:8000`: figures with their limits in ms.
 *
 * @throws ConfigError for an unknown or doubled figure, and a limit that is not above 0 and at most a day.
 */
export function parseSlo(text: string, setting: string): Slo {
  const example = `${setting}=ttft:3000,latency:8000`;
  const fail = (got: string, expected: string): ConfigError =>
    new ConfigError({ setting, got, expected, example });
  const terms: SloTerm[] = [];
  for (const item of text.split(',')) {
    const [name = '', limit = '', ...more] = item.split(':').map((part) => part.trim());
    const figure = SLO_FIGURES.find((known) => known === name.toLowerCase());
    if (figure === undefined || more.length > 0) {
      throw fail(item, `FIGURE:MS with one of ${SLO_FIGURES.join(', ')}`);
    }
    if (terms.some((term) => term.figure === figure)) throw fail(text, `${figure} at most once`);
    const limitMs = /^(\d+(\.\d*)?|\.\d+)$/.test(limit) ? Number(limit) : Number.NaN;
    if (!(limitMs > 0 && limitMs <= MAX_LIMIT_MS)) {
      throw fail(item, `a limit for ${figure} in ms, above 0 and at most ${MAX_LIMIT_MS}, without a unit`);
    }
    terms.push({ figure, limitMs });
  }
  return terms;
}

/**
 * The terms that can be judged. Without the times of events (blocking answers, or the `http` transport) only
 * `latency` is left; the summary lists the ones judged.
 */
export function visibleSlo(slo: Slo, sees: { eventTimes: boolean }): Slo {
  return sees.eventTimes ? slo : slo.filter(({ figure }) => figure === 'latency');
}

/**
 * Whether a successful request met every term of `slo`, which holds visible terms only (`visibleSlo`). A
 * TPOT that is not defined (one token, or all tokens in one event) is met: there is no pace to judge. Any other
 * unknown figure is not met, as nothing shows that it was.
 */
export function meetsSlo(slo: Slo, figures: SloFigures): boolean {
  // Counted: in k6's engine a callback for each term would cost ten times as much.
  for (let index = 0; index < slo.length; index++) {
    const term = slo[index] as SloTerm;
    const valueMs = figures[FIELDS[term.figure]];
    if (valueMs === null ? term.figure !== 'tpot' : valueMs > term.limitMs) return false;
  }
  return true;
}

/** The terms as a summary lists them: `latency:8000`. */
export function sloNames(slo: Slo): string[] {
  return slo.map(({ figure, limitMs }) => `${figure}:${limitMs}`);
}
