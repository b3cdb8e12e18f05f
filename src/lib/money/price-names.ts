/**
 * The names under which a model may stand in a price table, best first: as it is, without one provider prefix
 * (`openai/gpt-4.1`), without a dated suffix (`gpt-4.1-2025-04-14`), without both. Never a shorter prefix of the
 * name: `gpt-4.1-mini` is not `gpt-4.1`.
 */
export function priceNames(model: string): string[] {
  const plain = withoutPrefix(model);
  return [...new Set([model, plain, withoutDate(model), withoutDate(plain)])];
}

/**
 * Whether two names mean one model: `openai/GPT-4.1`, `gpt-4-1` and `gpt-4.1-2025-04-14` do. Spellings differ between
 * makers and relays in case, in dots and hyphens, in what stands before the last slash and behind a colon.
 */
export function isSameModel(one: string, other: string): boolean {
  if (one === other) return true;
  const spellings = new Set(spellingsOf(one));
  return spellingsOf(other).some((name) => spellings.has(name));
}

function spellingsOf(model: string): string[] {
  const bare = model.slice(model.lastIndexOf('/') + 1).replace(/:.*/s, '');
  return [...priceNames(model), ...priceNames(bare), ...priceNames(bare.replace(/-latest$/, ''))].map(
    (name) => name.toLowerCase().replace(/[._]/g, '-'),
  );
}

/** A model's name without the maker in front of it, `openai/gpt-4.1`; only one such part is taken off. */
function withoutPrefix(model: string): string {
  const slashAt = model.indexOf('/');
  return slashAt > 0 && slashAt < model.length - 1 ? model.slice(slashAt + 1) : model;
}

/**
 * The forms that makers use: `-2025-04-14` (OpenAI), `-20250514` (Anthropic), `@20250514` (Google's Vertex).
 * `-0613` and `-2512` may be versions, so they stay.
 */
const DATED = /^(.+)(?:-(\d{4})-(\d\d)-(\d\d)|[-@](\d{4})(\d\d)(\d\d))$/;

function withoutDate(model: string): string {
  const match = DATED.exec(model);
  if (match === null) return model;
  const [, name = model, year, month, day, year2, month2, day2] = match;
  const isDate = isCalendarDate(Number(year ?? year2), Number(month ?? month2), Number(day ?? day2));
  return isDate ? name : model;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of this century that there is. */
function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 2000 || year > 2099) return false;
  const leapDay = month === 2 && year % 4 === 0 ? 1 : 0;
  return day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0) + leapDay;
}
