import type { KindName } from '../kinds/kinds.ts';
import type { Mix } from './mix.ts';

/** The entries that take a kind of request: those that name it, else those that name none, else all. */
export function entriesFor(mix: Mix, kind: KindName): Mix {
  const own = mix.filter((entry) => entry.kind === kind);
  if (own.length > 0) return own;
  const any = mix.filter((entry) => entry.kind === null);
  return any.length > 0 ? any : mix;
}
