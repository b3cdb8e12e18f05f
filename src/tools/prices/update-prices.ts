import { isRecord } from '../../lib/parse/json.ts';
import { checkPriceFile, readPriceFile } from '../../lib/money/price-file.ts';
import { type Imported, importProvider } from './import-litellm.ts';

/** Providers taken over, by LiteLLM's name, which is ours too, with the hosts of their APIs. */
export const IMPORTED_PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  openai: ['api.openai.com'],
  anthropic: ['api.anthropic.com'],
  deepseek: ['api.deepseek.com'],
  gemini: ['generativelanguage.googleapis.com'],
  mistral: ['api.mistral.ai'],
  groq: ['api.groq.com'],
  xai: ['api.x.ai'],
  openrouter: ['openrouter.ai'],
};

/** Where the prices come from, for the file to say. */
export type Origin = { release: string | null; date: string };

export type Update = {
  /** The new text of data/prices.json. */
  text: string;
  imported: Readonly<Record<string, Imported>>;
  warnings: readonly string[];
};

/**
 * data/prices.json with LiteLLM's prices in the tables of the providers above. Everything else in the file, the
 * default table first of all, stays as it is.
 *
 * @throws ConfigError when the outcome is not a valid price file.
 */
export function updatePrices(
  current: unknown,
  litellm: Readonly<Record<string, unknown>>,
  origin: Origin,
): Update {
  const file = isRecord(current) ? current : {};
  const providers = isRecord(file['providers']) ? { ...file['providers'] } : {};
  const imported: Record<string, Imported> = {};
  for (const [provider, hosts] of Object.entries(IMPORTED_PROVIDERS)) {
    const found = importProvider(litellm, provider, origin.date);
    imported[provider] = found;
    if (Object.keys(found.models).length === 0) {
      delete providers[provider];
      continue;
    }
    providers[provider] = {
      source: `LiteLLM${origin.release === null ? '' : ` ${origin.release}`}, model_prices_and_context_window.json`,
      license: 'MIT',
      date: origin.date,
      hosts,
      models: found.models,
    };
  }
  const updated = { ...file, providers };
  const place = 'prices.json';
  return { text: render(updated), imported, warnings: checkPriceFile(readPriceFile(updated, place), place) };
}

/** JSON with one model a line, so that a change of one price is a change of one line. */
function render(file: Readonly<Record<string, unknown>>): string {
  const { providers, ...rest } = file;
  const tables = Object.entries(isRecord(providers) ? providers : {})
    .map(([name, value]) => `  ${JSON.stringify(name)}: {\n${renderTable(value, '  ')}\n  }`)
    .join(',\n');
  return `{\n${renderTable(rest, '')},\n "providers": {\n${tables}\n }\n}\n`;
}

function renderTable(table: unknown, indent: string): string {
  const { models, ...rest } = isRecord(table) ? table : {};
  const head = Object.keys(rest).length === 0 ? '' : `${renderLines(rest, `${indent} `)},\n`;
  return `${head}${indent} "models": {\n${renderLines(models, `${indent}  `)}\n${indent} }`;
}

/** One key a line. */
function renderLines(record: unknown, indent: string): string {
  return Object.entries(isRecord(record) ? record : {})
    .map(([name, value]) => `${indent}${JSON.stringify(name)}: ${inline(value)}`)
    .join(',\n');
}

/** A value on one line: `{ "input": 2, "output": 8 }`. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${inline(inner)}`);
  return `{ ${parts.join(', ')} }`;
}

/** What an import took over and left out, one line a provider. */
export function describeImport(imported: Readonly<Record<string, Imported>>): string[] {
  return Object.entries(imported).map(([provider, { models, skipped }]) => {
    const left = Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`);
    return `${provider}: ${Object.keys(models).length} models${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`;
  });
}
