import cluster from 'node:cluster';
import type { MeterOptions } from '../meter-options.ts';
import { MAX_HELD_BYTES } from '../held-bytes.ts';
import { type Meter, startMeter } from '../start-meter.ts';
import { GROUP } from './lead-meters.ts';
import { Peer } from './peer.ts';
import { SharedLedger } from './shared-ledger.ts';

/** True in a process that `leadMeters` started. */
export function isMember(): boolean {
  return cluster.isWorker;
}

/**
 * Starts this process's part of a group of `count` meters: its share of connections and memory, the ledger and the
 * figures those of all.
 */
export async function joinGroup(options: MeterOptions, count: number): Promise<Meter> {
  let meter: Meter | null = null;
  const leader = new Peer(
    {
      send: (message) => void process.send?.(message),
      onMessage: (listener) => void process.on('message', listener),
    },
    new Map([[GROUP.ownFigures, () => meter?.figures() ?? {}]]),
  );
  const { budget, connections, maxHeldBytes = MAX_HELD_BYTES } = options;
  meter = await startMeter({
    ...options,
    budget: budget === null ? null : { ...budget, ledger: new SharedLedger(leader) },
    connections: Math.ceil(connections / count),
    maxHeldBytes: maxHeldBytes / count,
    page: () => leader.ask(GROUP.groupFigures),
  });
  leader.tell(GROUP.ready, { url: meter.url });
  const { close } = meter;
  return {
    ...meter,
    close: async () => {
      const brokenOff = await close();
      // An open channel to the leader would keep this process alive.
      cluster.worker?.disconnect();
      return brokenOff;
    },
  };
}
