import { type JsonRecord, isRecord, parseJson } from '../../lib/parse/json.ts';

/** What was said up to the end of one answer of the Responses API: its own items, behind those of the one before. */
type Said = { before: Said | null; items: readonly JsonRecord[] };

/**
 * The conversations that a server keeps (`previous_response_id`), as far as their answers passed by: a client's next request
 * is then read as if it had sent all of it. They are kept in memory alone.
 */
export class FollowedResponses {
  readonly #byId = new Map<string, Said>();
  readonly #items = new Map<string, JsonRecord>();

  /** All items up to the end of that answer; null: it did not pass by. */
  itemsUpTo(id: unknown): readonly JsonRecord[] | null {
    const said = typeof id === 'string' ? this.#byId.get(id) : undefined;
    if (said === undefined) return null;
    const parts: (readonly JsonRecord[])[] = [];
    for (let one: Said | null = said; one !== null; one = one.before) parts.push(one.items);
    return parts.toReversed().flat();
  }

  /**
   * What a request says, each item that it only names (`item_reference`) in its place; null: one of them did not pass by.
   */
  resolved(items: readonly JsonRecord[]): JsonRecord[] | null {
    const whole = items.map((item) =>
      item['type'] === 'item_reference' ? this.#items.get(String(item['id'])) : item,
    );
    return whole.every((item) => item !== undefined) ? whole : null;
  }

  /** Items of an answer that later requests may name. */
  addItems(items: readonly JsonRecord[]): void {
    for (const item of items) if (typeof item['id'] === 'string') this.#items.set(item['id'], item);
  }

  /**
   * @param id of the answer.
   * @param items what was asked and answered, without what came before; `previous`: the answer that it goes on from.
   */
  add(id: string, items: readonly JsonRecord[], previous: unknown): void {
    const before = typeof previous === 'string' ? (this.#byId.get(previous) ?? null) : null;
    this.#byId.set(id, { before, items });
  }
}

/** The items of an answer of the Responses API, with their ids: of a body, or of its stream. */
export function outputItemsIn(text: string): JsonRecord[] {
  const body = /^\s*\{/.test(text) ? parseJson(text) : null;
  if (isRecord(body)) return Array.isArray(body['output']) ? body['output'].filter(isRecord) : [];
  return text.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith('data:') || !line.includes('"response.output_item.done"')) return [];
    const event = parseJson(line.slice('data:'.length));
    return isRecord(event) && isRecord(event['item']) ? [event['item']] : [];
  });
}

/** A `previous_response_id` that says something. */
export function previousIn({ previous_response_id: previous }: JsonRecord): unknown {
  return previous === '' ? null : (previous ?? null);
}

/** The id of an answer of the Responses API: of a body, or of the beginning of its stream; null: there is none. */
export function responseIdIn(text: string): string | null {
  const body = /^\s*\{/.test(text) ? parseJson(text) : null;
  if (isRecord(body)) return typeof body['id'] === 'string' ? body['id'] : null;
  return /"response"\s*:\s*\{[^{}]*?"id"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1] ?? null;
}
