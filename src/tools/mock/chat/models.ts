import { ConfigError } from '../../../lib/parse/config-error.ts';
import { parseDistribution, type Distribution } from '../../../lib/numbers/distribution.ts';
import { ownValue } from '../../../lib/parse/own-value.ts';

/** How a model answers: each a constant or a distribution, drawn once a request. */
export type ModelTiming = {
  /** From the start of a generation to its first token, ms. */
  ttftMs: Distribution;
  /** Between two tokens of one answer, ms. */
  tpotMs: Distribution;
  /** Length of an answer that nothing limits, tokens. */
  outputTokens: Distribution;
};

/** Timing as text, each field in the forms of `parseDistribution`; what is missing comes from elsewhere. */
export type TimingText = {
  ttft?: string | undefined;
  tpot?: string | undefined;
  tokens?: string | undefined;
};

/** A named model with its own timing. */
export type ModelText = TimingText & { name: string };

/** The timing of a name that is not listed. */
export const DEFAULT_TIMING = { ttft: '200', tpot: '20', tokens: '64' } as const;

/** Short on purpose, so that a demo is quick: they stand in no relation to the real models of these names. */
const LISTED: Readonly<Record<string, Required<TimingText>>> = {
  'gpt-4.1': { ttft: 'normal:120:25', tpot: '4', tokens: 'normal:90:25' },
  'claude-sonnet-4.5': { ttft: 'normal:180:40', tpot: '6', tokens: 'normal:110:30' },
  'deepseek-v3.2': { ttft: 'lognormal:220:0.3', tpot: '7', tokens: 'normal:100:30' },
  'gemini-2.5-flash': { ttft: 'normal:70:15', tpot: '2.5', tokens: 'normal:80:20' },
};

/** The models of one mock. */
export type Models = {
  /** Names that `GET /v1/models` lists. */
  names: readonly string[];
  /** The timing of any name; null for one that is not listed when `strict`. */
  timingOf: (name: string) => ModelTiming | null;
};

/**
 * Puts the models together. What `all` gives holds for every model but those of `own`, which may leave fields
 * out in turn.
 *
 * @throws ConfigError on a distribution that cannot be read.
 */
export function buildModels(given: { all: TimingText; own: readonly ModelText[]; strict: boolean }): Models {
  const listed = new Map<string, ModelTiming>();
  for (const [name, timing] of Object.entries(LISTED)) {
    listed.set(name, parseTiming([given.all, timing], '--'));
  }
  for (const { name, ...timing } of given.own) {
    listed.set(name, parseTiming([timing, given.all, ownValue(LISTED, name) ?? {}], `--model ${name}:`));
  }
  const fallback = parseTiming([given.all], '--');
  return {
    names: [...listed.keys()],
    timingOf: (name) => listed.get(name) ?? (given.strict ? null : fallback),
  };
}

/** Reads `NAME:ttft=200,tpot=normal:20:5,tokens=64`; a name may hold colons. Throws ConfigError. */
export function parseModel(text: string): ModelText {
  const match = /^(.+?):((?:ttft|tpot|tokens)=.*)$/.exec(text);
  const name = match?.[1]?.trim() ?? '';
  const model: ModelText = { name };
  for (const part of (match?.[2] ?? '').split(',')) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(0, equals)).trim();
    if (name === '' || (key !== 'ttft' && key !== 'tpot' && key !== 'tokens')) {
      throw new ConfigError({
        setting: '--model',
        got: text,
        expected: 'NAME:ttft=MS,tpot=MS,tokens=N with at least one of the three',
        example: '--model llama3:8b:ttft=normal:200:50,tpot=20,tokens=64',
      });
    }
    model[key] = part.slice(equals + 1).trim();
  }
  return model;
}

/** The first of `sources` that has a field decides it; the default is last. */
function parseTiming(sources: readonly TimingText[], prefix: string): ModelTiming {
  const read = (key: keyof TimingText, flag: string): Distribution => {
    const text = sources.map((source) => source[key]).find((value) => value !== undefined);
    return parseDistribution(text ?? DEFAULT_TIMING[key], `${prefix}${flag}`);
  };
  const own = prefix !== '--';
  return {
    ttftMs: read('ttft', 'ttft'),
    tpotMs: read('tpot', 'tpot'),
    outputTokens: read('tokens', own ? 'tokens' : 'output-tokens'),
  };
}
