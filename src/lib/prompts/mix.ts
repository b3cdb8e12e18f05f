import { ConfigError } from '../parse/config-error.ts';
import { isKindName, type KindName } from '../kinds/kinds.ts';
import { plainName } from '../text/plain-text.ts';

/** One model of the mix. `shareRatio` is its weight over the sum of all, 0 to 1. */
export type MixEntry = {
  model: string;
  weight: number;
  shareRatio: number;
  /** What is sent to it; null: what the run, its part or a row says. */
  kind: KindName | null;
};

/** The models to ask, in the order given; never empty, names unique, shares sum to 1. */
export type Mix = readonly MixEntry[];

/** Its name as a mix has it: the kind, where it names one, in front of the model. */
export function nameInMix({ kind, model }: Pick<MixEntry, 'kind' | 'model'>): string {
  return kind === null ? model : `${kind}:${model}`;
}

/** They would break the tag selector of a threshold, `ai_latency_ms{model:NAME}`, or a line of a report. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAME = /[,;{}"'`\u0000-\u001f]/;

/**
 * Reads `gpt-4.1=70,embeddings:text-embedding-3-small=20`: names with weights, of which only the proportions matter; a bare
 * name has weight 1, and a kind of request may stand in front of it. The last `=` splits, so a name may hold one if a weight follows.
 *
 * @throws ConfigError for an empty or doubled name, a character that metric selectors cannot hold, a weight
 *   that is not a finite number of at least 0, weights that sum to 0, a stray comma.
 */
export function parseMix(text: string, setting: string): Mix {
  const example = `${setting}=gpt-4.1=70,claude-sonnet-4.5=30`;
  const fail = (got: string, expected: string): ConfigError =>
    new ConfigError({ setting, got, expected, example });
  if (text.trim() === '') throw fail(text, 'at least one model');
  const seen = new Set<string>();
  const weighted = text.split(',').map((item) => {
    const entry = parseEntry(item, fail);
    const name = `${entry.kind ?? ''}:${entry.model}`;
    if (seen.has(name)) throw fail(item, `each model once, but ${entry.model} comes twice`);
    seen.add(name);
    return entry;
  });
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  if (!(sum > 0) || !Number.isFinite(sum)) throw fail(text, 'weights with a sum above 0');
  return weighted.map((entry) => ({ ...entry, shareRatio: entry.weight / sum }));
}

function parseEntry(item: string, fail: (got: string, expected: string) => ConfigError) {
  const splitAt = item.lastIndexOf('=');
  const name = (splitAt === -1 ? item : item.slice(0, splitAt)).trim();
  const prefix = name.slice(0, name.indexOf(':'));
  const kind = isKindName(prefix) ? prefix : null;
  const model = kind === null ? name : name.slice(kind.length + 1).trim();
  const weightText = splitAt === -1 ? '1' : item.slice(splitAt + 1).trim();
  if (model === '') throw fail(item, 'a model name before each weight, and no comma too many');
  if (FORBIDDEN_IN_NAME.test(model) || plainName(model) !== model) {
    throw fail(item, 'model names without quotes, braces, commas, semicolons and control characters');
  }
  const weight = /^(\d+(\.\d*)?|\.\d+)$/.test(weightText) ? Number(weightText) : NaN;
  if (!Number.isFinite(weight)) throw fail(item, `a weight of at least 0 for ${model}, such as 70 or 0.5`);
  return { model, weight, kind };
}
