import type { KindName } from '../kinds/kinds.ts';
import { sum } from '../numbers/mean.ts';
import { entriesFor } from '../prompts/entries-for.ts';
import type { Mix } from '../prompts/mix.ts';

/**
 * A share of a part's requests: to which model, and as which kind.
 *
 * @property begun as which it is begun, before its row is read.
 */
export type SentShare = { model: string; begun: KindName; kind: KindName; shareRatio: number };

/** Whose kinds they are. */
export type KindOrigins = {
  /** Of the whole part; null: it names none. */
  part: KindName | null;
  /** `LLM_KIND`. */
  run: KindName;
  /** Of requests that are begun as one kind, the kinds that they are sent as, with their shares: rows of a data set may name theirs. */
  sentAs: (begun: KindName) => ReadonlyMap<KindName, number>;
};

/**
 * What is sent of a mix. A row that names another kind than the entry drawn goes to the models of the mix that take it, as
 * a VU sends it.
 *
 * @returns shares above 0 with a sum of 1, in the order of the mix.
 */
export function sentShares(mix: Mix, { part, run, sentAs }: KindOrigins): SentShare[] {
  const sent = new Map<string, SentShare>();
  const add = (share: SentShare): void => {
    if (share.shareRatio === 0) return;
    const key = JSON.stringify([share.model, share.begun, share.kind]);
    const before = sent.get(key)?.shareRatio ?? 0;
    sent.set(key, { ...share, shareRatio: before + share.shareRatio });
  };
  for (const entry of proportional(part === null ? mix : entriesFor(mix, part))) {
    const begun = part ?? entry.kind ?? run;
    for (const [kind, ratio] of sentAs(begun)) {
      const takers = kind === begun ? [{ ...entry, shareRatio: 1 }] : proportional(entriesFor(mix, kind));
      for (const { model, shareRatio } of takers) {
        add({ model, begun, kind, shareRatio: entry.shareRatio * ratio * shareRatio });
      }
    }
  }
  return [...sent.values()];
}

/** Entries whose shares sum to 1. Of those that only rows ask for (a weight of 0) the first takes all, as its picker does. */
function proportional(mix: Mix): Mix {
  const shares = sum(mix.map(({ shareRatio }) => shareRatio));
  return mix.map((entry, at) => ({
    ...entry,
    shareRatio: shares > 0 ? entry.shareRatio / shares : at === 0 ? 1 : 0,
  }));
}
