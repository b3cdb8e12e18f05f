import { readFileSync } from 'node:fs';

/** What the system allows of connections; null where it does not tell (Linux does). */
export type ConnectionLimits = {
  /** Open files of one process: each connection is one. Node and k6 raise theirs to the hard limit by themselves. */
  openFiles: number | null;
  /** Local ports: so many connections from this machine to one address and port. */
  ports: number | null;
};

/** Files of a process beside its connections, and room for those that are closing. */
export const OTHER_FILES = 100;

/** Of this process, whose children have the same. */
export function connectionLimits(): ConnectionLimits {
  return {
    openFiles: parseOpenFiles(textOf('/proc/self/limits')),
    ports: parsePorts(textOf('/proc/sys/net/ipv4/ip_local_port_range')),
  };
}

/** The hard limit: what a process may raise its own to. */
export function parseOpenFiles(limits: string): number | null {
  const found = /^Max open files +\S+ +(\d+)/m.exec(limits)?.[1];
  return found === undefined ? null : Number(found);
}

export function parsePorts(range: string): number | null {
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(range) ?? [];
  return first === undefined || last === undefined ? null : Number(last) - Number(first) + 1;
}

/** A load's connections, as they are divided among processes. */
export type Connections = {
  /** Requests under way at the peak: each has a connection of its own. */
  atPeak: number;
  /** k6 processes. */
  shards: number;
  /** Processes that measure streams, with a connection to k6 and one to the server for each; 0: none. */
  meters: number;
};

/** What of a load the system will not allow, and what to do: a sentence each, none where all fits. */
export function tightLimits(
  { atPeak, shards, meters }: Connections,
  { openFiles, ports }: ConnectionLimits,
): string[] {
  const lines: string[] = [];
  const told = (who: string, needed: number, instead: string): void => {
    if (openFiles === null || needed <= openFiles) return;
    lines.push(
      `open files: ${who} needs ${needed} for ${atPeak} requests at a time, and this system allows a process ${openFiles}: those beyond will fail; raise it (ulimit -n ${needed}), or divide them (${instead})`,
    );
  };
  told('each k6', Math.ceil(atPeak / shards) + OTHER_FILES, `--shards ${partsFor(atPeak, openFiles)}`);
  if (meters > 0) {
    const needed = Math.ceil((2 * atPeak) / meters) + OTHER_FILES;
    told('each meter', needed, `--meters ${partsFor(2 * atPeak, openFiles)}`);
  }
  if (ports !== null && atPeak > ports) {
    lines.push(
      `local ports: ${atPeak} connections to one address take as many, and this system has ${ports}: those beyond will fail; widen net.ipv4.ip_local_port_range, or spread the load over machines (docs/distributed.md)`,
    );
  }
  return lines;
}

/** Processes that so many connections take at least; 1 where the system does not tell. */
export function partsFor(connections: number, openFiles: number | null): number {
  if (openFiles === null) return 1;
  return Math.max(1, Math.ceil(connections / Math.max(1, openFiles - OTHER_FILES)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
