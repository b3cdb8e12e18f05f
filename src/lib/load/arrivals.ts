import { ConfigError } from '../parse/config-error.ts';

/**
 * How the requests of an open load are spaced (`LLM_ARRIVALS`).
 *
 * `even` is k6's own arrival-rate executor. The others become a schedule of intended start times: `poisson`
 * has independent arrivals, as many users make; `gamma` has gaps with the given coefficient of variation
 * (1 is Poisson, above 1 comes in bursts); `trace` replays recorded times; `recorded` begins the sessions of
 * `LLM_DATASET` when they began.
 */
export type Arrivals =
  | { kind: 'even' }
  | { kind: 'poisson' }
  | { kind: 'recorded' }
  | { kind: 'gamma'; cv: number }
  | ({ kind: 'trace'; file: string } & TraceOptions);

/** What a trace does not tell of itself (`trace:FILE?unit=s&block=16`); null: it is to be seen from its columns. */
export type TraceOptions = {
  /** Of its times. */
  unit: 'sec' | 'ms' | null;
  /** Tokens that one entry of `hash_ids` stands for. */
  blockTokens: number | null;
};

const MIN_CV = 0.05;
const MAX_CV = 20;
const MAX_BLOCK_TOKENS = 65_536;

/**
 * Reads `even`, `poisson`, `gamma:CV`, `trace:FILE` or `recorded`.
 *
 * @throws ConfigError on anything else, or a CV out of 0.05 to 20.
 */
export function parseArrivals(text: string, setting: string): Arrivals {
  const trimmed = text.trim();
  const splitAt = trimmed.indexOf(':');
  const kind = (splitAt === -1 ? trimmed : trimmed.slice(0, splitAt)).toLowerCase();
  const argument = splitAt === -1 ? null : trimmed.slice(splitAt + 1).trim();
  if ((kind === 'even' || kind === 'poisson' || kind === 'recorded') && argument === null) return { kind };
  if (kind === 'trace' && argument !== null && argument !== '') {
    const { file, query } = splitTrace(argument);
    return { kind, file, ...parseTraceOptions(query, setting) };
  }
  if (kind === 'gamma' && argument !== null && /^(\d+(\.\d*)?|\.\d+)$/.test(argument)) {
    const cv = Number(argument);
    if (cv >= MIN_CV && cv <= MAX_CV) return { kind, cv };
  }
  throw new ConfigError({
    setting,
    got: text,
    expected: `even, poisson, gamma:CV (coefficient of variation of the gaps, ${MIN_CV} to ${MAX_CV}) trace:FILE or recorded (sessions of LLM_DATASET)`,
    example: `${setting}=poisson`,
  });
}

/** A file's name and the options behind it: `a.jsonl?unit=s`. A name with a question mark of its own stays whole. */
export function splitTrace(argument: string): { file: string; query: string } {
  const match = /^(.+)\?([a-z]+=[^?/\\]*)$/i.exec(argument);
  return { file: match?.[1] ?? argument, query: match?.[2] ?? '' };
}

function parseTraceOptions(query: string, setting: string): TraceOptions {
  const options: TraceOptions = { unit: null, blockTokens: null };
  for (const option of query.split('&').filter((part) => part !== '')) {
    const [name, value = ''] = option.split('=');
    const block = Number(value);
    if (name === 'unit' && value === 's') options.unit = 'sec';
    else if (name === 'unit' && value === 'ms') options.unit = 'ms';
    else if (name === 'block' && /^\d+$/.test(value) && block >= 1 && block <= MAX_BLOCK_TOKENS)
      options.blockTokens = block;
    else {
      throw new ConfigError({
        setting,
        got: `?${query}`,
        expected: `unit=s or unit=ms, block=TOKENS (1 to ${MAX_BLOCK_TOKENS})`,
        example: `${setting}=trace:FILE?unit=s`,
      });
    }
  }
  return options;
}
