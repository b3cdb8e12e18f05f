import { parseSample } from '../../lib/samples/parse-sample.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { readLines } from '../results/read/read-lines.ts';

/** What one provider made of one prompt, retries folded into it. */
export type PairReply = {
  ok: boolean;
  /** It met every SLO; null: nobody judged it. */
  good: boolean | null;
  /** null unless it ended well, and what the transport cannot see. */
  latencyMs: number | null;
  ttftMs: number | null;
  tpotMs: number | null;
  /** Of all attempts; null where one may have cost what nobody knows, or most others of this provider did. */
  costUsd: number | null;
};

/** One prompt, and what each provider made of it, in the order of the providers. */
export type Pair = { atMs: number; replies: readonly PairReply[] };

export type Pairs = {
  /** In the order in which they were asked. */
  pairs: readonly Pair[];
  /** Prompts that not every provider came to answer, at the end of the run or of its warm-up. */
  incomplete: number;
};

/** Reads the pairs of a run of `ab` from its samples; the warm-up is none of them. */
export async function readPairs(samplesPath: string, providers: readonly string[]): Promise<Pairs> {
  const asked = new Map<string, Map<string, OpenReply>>();
  await readLines(samplesPath, (chunk, start, end) => {
    const record = parseSample(chunk.toString('utf8', start, end));
    if (record !== null && record.pair !== null) addTo(asked, record);
  });
  const pairs: Pair[] = [];
  let incomplete = 0;
  for (const replies of asked.values()) {
    if ([...replies.values()].every(({ isWarmup }) => isWarmup)) continue;
    const known = providers.flatMap((name) => {
      const own = replies.get(name);
      return own === undefined || own.reply === null ? [] : [{ atMs: own.atMs, reply: own.reply }];
    });
    if (known.length < providers.length) incomplete += 1;
    else
      pairs.push({
        atMs: Math.min(...known.map(({ atMs }) => atMs)),
        replies: known.map(({ reply }) => reply),
      });
  }
  return { pairs: withKnownDollars(pairs.toSorted((one, other) => one.atMs - other.atMs)), incomplete };
}

/** So many of a provider's answers may lack a price, or token counts, and its dollars still be told by the others. */
const MAX_UNKNOWN_RATIO = 0.05;

/** Failures cost nothing whatever the price: beside answers that nobody can price, they would make it look cheap. */
function withKnownDollars(pairs: readonly Pair[]): Pair[] {
  const isUnknown = (pairs[0]?.replies ?? []).map((_, at) => {
    const answers = pairs.flatMap(({ replies }) => replies[at] ?? []).filter(({ ok }) => ok);
    const unknown = answers.filter(({ costUsd }) => costUsd === null).length;
    return unknown > MAX_UNKNOWN_RATIO * answers.length;
  });
  return pairs.map(({ atMs, replies }) => ({
    atMs,
    replies: replies.map((reply, at) => (isUnknown[at] === true ? { ...reply, costUsd: null } : reply)),
  }));
}

/** `reply` is null until its last attempt, and in the warm-up. */
type OpenReply = { atMs: number; costUsd: number | null; reply: PairReply | null; isWarmup: boolean };

/** Each turn of a conversation is a pair of its own. */
function addTo(asked: Map<string, Map<string, OpenReply>>, record: SampleRecord): void {
  const key = `${record.pair} ${record.turn ?? ''}`;
  const replies = asked.get(key) ?? new Map<string, OpenReply>();
  asked.set(key, replies);
  const before = replies.get(record.provider) ?? { atMs: record.atMs, costUsd: 0 };
  const ownUsd = record.costUsd ?? (record.uncharged === null ? 0 : null);
  const costUsd = before.costUsd === null || ownUsd === null ? null : before.costUsd + ownUsd;
  const isWarmup = record.phase === 'warmup';
  const isLast = record.pauseMs === null && !isWarmup;
  replies.set(record.provider, {
    atMs: before.atMs,
    costUsd,
    reply: isLast ? replyOf(record, costUsd) : null,
    isWarmup,
  });
}

function replyOf(
  { outcome, good, latencyMs, ttftMs, tpotMs }: SampleRecord,
  costUsd: number | null,
): PairReply {
  return { ok: outcome === 'ok', good, latencyMs, ttftMs, tpotMs, costUsd };
}
