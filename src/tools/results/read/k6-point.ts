import { isKindName } from '../../../lib/kinds/kinds.ts';
import { isRecord, parseJsonRecord } from '../../../lib/parse/json.ts';
import { type Place, TAG_OF_PART } from '../figures/figures.ts';
import { plainText } from '../../../lib/text/plain-text.ts';

/** What a report wants of a point's tags. */
export type PointTags = { place: Place; own: Readonly<Record<OwnTag, string | null>> };

/** Tags of some metrics alone. */
export type OwnTag = 'kind' | 'part' | 'phase' | 'end';

export type RawPoint = { time: string; value: number; tags: PointTags };

const MAX_CACHED_TAGS = 10_000;
const BEFORE_TIME = '","type":"Point","data":{"time":"';
const BEFORE_VALUE = '","value":';
const BEFORE_TAGS = ',"tags":';
const AFTER_TAGS = '}}';

/**
 * Reads points of k6's JSON output. A run has few sets of tags, so each set is parsed once; where a line does
 * not look as k6 writes it, all of it goes through JSON.parse.
 */
export class PointParser {
  readonly #tags = new Map<string, PointTags>();

  /**
   * The point of a line; null when it is half-written.
   *
   * @param nameEnd where the quote after the metric's name is.
   */
  parse(line: string, nameEnd: number): RawPoint | null {
    if (!line.startsWith(BEFORE_TIME, nameEnd)) return this.#parseWhole(line);
    const timeStart = nameEnd + BEFORE_TIME.length;
    const timeEnd = line.indexOf('"', timeStart);
    const tagsAt = line.indexOf(BEFORE_TAGS, timeEnd);
    if (!line.startsWith(BEFORE_VALUE, timeEnd) || tagsAt < 0) return this.#parseWhole(line);
    const end = line.endsWith('\r') ? line.length - 1 : line.length;
    if (!line.endsWith(AFTER_TAGS, end)) return null;
    const tags = this.#tagsOf(line.slice(tagsAt + BEFORE_TAGS.length, end - AFTER_TAGS.length));
    const value = Number(line.slice(timeEnd + BEFORE_VALUE.length, tagsAt));
    if (tags === null || Number.isNaN(value)) return this.#parseWhole(line);
    return { time: line.slice(timeStart, timeEnd), value, tags };
  }

  #tagsOf(text: string): PointTags | null {
    const known = this.#tags.get(text);
    if (known !== undefined) return known;
    const parsed = parseJsonRecord(text);
    if (parsed === null) return null;
    if (this.#tags.size >= MAX_CACHED_TAGS) this.#tags.clear();
    const tags = readTags(parsed);
    this.#tags.set(text, tags);
    return tags;
  }

  #parseWhole(line: string): RawPoint | null {
    const data = parseJsonRecord(line)?.['data'];
    if (!isRecord(data)) return null;
    const { time, value, tags } = data;
    if (typeof time !== 'string' || typeof value !== 'number') return null;
    return { time, value, tags: readTags(isRecord(tags) ? tags : {}) };
  }
}

function readTags(tags: Record<string, unknown>): PointTags {
  const text = (name: string): string | null => {
    const value = tags[name];
    return typeof value === 'string' ? plainText(value) : null;
  };
  // A metric's own `kind` says what went wrong: there the kind of request has another name.
  const kind = text('kind');
  const requestKind = isKindName(kind) ? kind : text('request_kind');
  const place = {
    model: text(TAG_OF_PART.model),
    scenario: text(TAG_OF_PART.scenario),
    provider: text(TAG_OF_PART.provider),
    kind: requestKind,
    window: text(TAG_OF_PART.window),
    step: text(TAG_OF_PART.step),
    turn: text(TAG_OF_PART.turn),
  };
  return { place, own: { kind, part: text('part'), phase: text('phase'), end: text('end') } };
}

/**
 * k6 stamps points as RFC 3339 with up to nanoseconds and any offset. Most share their second with the one
 * before, so the date is parsed once a second.
 */
export class PointClock {
  #prefix = '';
  #suffix = '';
  #secondMs = 0;

  /** ms since 1970 with fractions; null when it is no time. */
  read(time: string): number | null {
    const prefix = time.slice(0, 19);
    const tail = time.slice(19);
    const zone = /(?:Z|[+-]\d\d:\d\d)$/.exec(tail)?.[0] ?? '';
    if (prefix !== this.#prefix || zone !== this.#suffix) {
      const secondMs = Date.parse(`${prefix}${zone}`);
      if (Number.isNaN(secondMs)) return null;
      [this.#prefix, this.#suffix, this.#secondMs] = [prefix, zone, secondMs];
    }
    const fraction = tail.startsWith('.') ? Number(tail.slice(0, tail.length - zone.length)) : 0;
    return this.#secondMs + fraction * 1000;
  }
}
