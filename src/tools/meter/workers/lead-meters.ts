import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { isRecord } from '../../../lib/parse/json.ts';
import { OwnLedger } from '../ledger.ts';
import { type PeerChannel, Peer } from './peer.ts';
import { ledgerHandlers } from './shared-ledger.ts';
import { sumFigures } from './sum-figures.ts';

/** Several meters on one port, each a process of its own. */
export type MeterGroup = {
  url: string;
  /** Resolves when one of them ended by itself, with its exit code. */
  lost: Promise<number>;
  /** Lets answers in progress end. @returns the gravest exit code. */
  close: () => Promise<number>;
};

/** A meter did not start; it said why itself. */
export class MeterNotStarted extends Error {
  override name = 'MeterNotStarted';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('a meter did not start');
    this.exitCode = exitCode;
  }
}

/** What a meter of a group is asked and told, and what it tells. */
export const GROUP = { ready: 'ready', ownFigures: 'own-figures', groupFigures: 'group-figures' } as const;

type Member = { worker: Worker; peer: Peer; url: Promise<string> };

/**
 * Starts this same command in `count` processes that share its port, its budget and its `/__meter`. Connections are dealt
 * to them in turn, so each has as many of k6's users as the others.
 *
 * @param budgetUsd the limit that all share; null: none.
 * @throws MeterNotStarted
 */
export async function leadMeters(count: number, budgetUsd: number | null): Promise<MeterGroup> {
  const ledger = budgetUsd === null ? null : new OwnLedger(budgetUsd);
  const members: Member[] = [];
  const groupFigures = async (): Promise<object> => {
    const own = await Promise.all(members.map(({ peer }) => peer.ask(GROUP.ownFigures)));
    return { ...sumFigures(own), workers: members.length, budget: ledger?.figures ?? null };
  };
  // What our launcher does to a server of ours (end it with its parent) is for this process alone.
  cluster.setupPrimary({ execArgv: [] });
  const close = async (): Promise<number> => {
    const codes = await Promise.all(members.map(({ worker }) => end(worker)));
    return Math.max(0, ...codes);
  };
  try {
    // The first takes the port, or says once why it cannot; then the others come at once.
    members.push(startMember(ledger, groupFigures));
    await members[0]?.url;
    while (members.length < count) members.push(startMember(ledger, groupFigures));
    await Promise.all(members.map(({ url }) => url));
  } catch (error) {
    await close();
    throw error;
  }
  const ends = members.map(({ worker }) => exitCodeOf(worker));
  return { url: (await members[0]?.url) ?? '', lost: Promise.race(ends), close };
}

function startMember(ledger: OwnLedger | null, groupFigures: () => Promise<object>): Member {
  const worker = cluster.fork();
  let tellUrl: (url: string) => void = () => {};
  const url = new Promise<string>((resolve, reject) => {
    tellUrl = resolve;
    void exitCodeOf(worker).then((code) => reject(new MeterNotStarted(code)));
  });
  const peer = new Peer(
    channelTo(worker),
    new Map([
      ...(ledger === null ? [] : ledgerHandlers(ledger)),
      [GROUP.groupFigures, groupFigures],
      [GROUP.ready, (ready) => tellUrl(isRecord(ready) ? String(ready['url']) : '')],
    ]),
  );
  return { worker, peer, url };
}

function channelTo(worker: Worker): PeerChannel {
  return {
    send: (message) => {
      if (worker.isConnected()) worker.send(message);
    },
    onMessage: (listener) => void worker.on('message', listener),
  };
}

/** Of one that a signal ended. */
const KILLED = 1;

async function exitCodeOf(worker: Worker): Promise<number> {
  const [code]: unknown[] = await once(worker, 'exit');
  return typeof code === 'number' ? code : KILLED;
}

async function end(worker: Worker): Promise<number> {
  if (worker.isDead()) return 0;
  const code = exitCodeOf(worker);
  worker.process.kill('SIGTERM');
  return code;
}
