// Two figures side by side, and whether they agree.

/** @returns {{what: string, ours: number | null, theirs: number | null, ok: boolean, rule: string}} */
export function equal(what, ours, theirs) {
  return { what, ours, theirs, ok: ours !== null && ours === theirs, rule: 'equal' };
}

export function within(what, ours, theirs, ratio) {
  const known = ours !== null && theirs !== null;
  const ok = known && Math.abs(ours - theirs) <= ratio * Math.abs(theirs);
  return { what, ours, theirs, ok, rule: ratio < 1e-6 ? 'equal' : `within ${ratio * 100} %` };
}

/** A server's delay is the least that a client can see; a timer may be late and never early. */
export function notEarlier(what, ours, theirs) {
  return { what, ours, theirs, ok: ours !== null && ours >= theirs, rule: 'not earlier' };
}

export function says(what, output, pattern) {
  const found = pattern.exec(output)?.[0] ?? null;
  return { what, ours: found, theirs: null, ok: found !== null, rule: 'said' };
}

export function mean(values) {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
