import { isRecord, parseJson } from '../parse/json.ts';
import { priceNames } from '../money/price-names.ts';
import { plainName } from '../text/plain-text.ts';

/** Names shown of a list, which may have hundreds. */
const SHOWN = 5;

/**
 * The names that a server's list of models holds: OpenAI's and Anthropic's `data`, Ollama's and Google's `models`,
 * or a bare list. null when the page is no such list.
 */
export function readModelList(bodyText: string): string[] | null {
  const body = parseJson(bodyText);
  const entries = isRecord(body) ? (body['data'] ?? body['models']) : body;
  if (!Array.isArray(entries)) return null;
  return entries.flatMap((entry: unknown) => {
    const name = isRecord(entry) ? (entry['id'] ?? entry['name'] ?? entry['model']) : entry;
    return typeof name === 'string' && name !== '' ? [plainName(name)] : [];
  });
}

/**
 * Whether two names are one name: they may differ in a maker's prefix, in a date, in case and in `:latest`. Stricter than the
 * prices' `isSameModel`: on one server, `llama3:8b` and `llama3:70b` are two.
 */
export function isSameName(one: string, other: string): boolean {
  const names = new Set(namesOf(one));
  return namesOf(other).some((name) => names.has(name));
}

function namesOf(model: string): string[] {
  return priceNames(
    model
      .toLowerCase()
      .replace(/^models\//, '')
      .replace(/:latest$/, ''),
  );
}

/** A list in a few words: `only tiny-random`, `a, b, c, d, e and 7 more`. */
export function describeList(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  if (names.length === 1) return `only ${names[0]}`;
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Whether a list has a model; one that was not read may have it. Aliases and wildcards are in no list. */
export function isListed(model: string, listed: readonly string[] | null): boolean {
  return listed === null || listed.some((name) => isSameName(name, model));
}

/**
 * What to say of a model that was asked: null when the answer came under its name, or under none and no list lacks
 * it.
 */
export function nameDoubt(
  asked: string,
  { answered, listed }: { answered: string | null; listed: readonly string[] | null },
): string | null {
  if (answered !== null && isSameName(asked, answered)) return null;
  const list = listed === null || isListed(asked, listed) ? null : `the server lists ${describeList(listed)}`;
  const parts = [answered === null ? null : `answered ${plainName(answered)}`, list].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? null : `asked ${asked}, ${parts.join(', ')}`;
}
