import { createServer, type Server } from 'node:net';
import { FrontConnection, type FrontHandler, type PatienceMs } from './front-connection.ts';

/** The side of the meter that k6 talks to. */
export type FrontServer = {
  port: number;
  /** Connections from k6. */
  connections: () => number;
  /**
   * Takes no more connections and requests, waits at most `graceMs` for the answers in progress, then breaks off
   * what is left.
   *
   * @returns how many were broken off.
   */
  close: (graceMs: number) => Promise<number>;
};

/** The kernel queues so many connections that are not accepted yet: a thousand VUs may come at once. */
const LISTEN_BACKLOG = 4096;

/**
 * A VU's connection idles while its user thinks, and k6 keeps it: so idling is given long. A request comes from this
 * machine, and takes no time to be whole.
 */
export const PATIENCE_MS: PatienceMs = { idleMs: 600_000, requestMs: 60_000 };

/** Connections are looked at so many times while the shorter patience lasts. */
const SWEEPS = 6;

/** Listens on a loopback address; port 0 takes any free one. Rejects with the system's error. */
export async function listenFront(
  { host, port, patienceMs = PATIENCE_MS }: { host: string; port: number; patienceMs?: PatienceMs },
  handle: FrontHandler,
): Promise<FrontServer> {
  const open = new Set<FrontConnection>();
  const server = createServer((socket) => {
    const connection = new FrontConnection(socket, handle);
    open.add(connection);
    socket.on('close', () => open.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: LISTEN_BACKLOG }, () => resolve());
  });
  const sweep = setInterval(
    () => {
      const nowMs = performance.now();
      for (const connection of open) if (connection.isStale(nowMs, patienceMs)) connection.destroy();
    },
    Math.min(patienceMs.idleMs, patienceMs.requestMs) / SWEEPS,
  ).unref();
  return {
    port: portOf(server),
    connections: () => open.size,
    close: (graceMs) => {
      clearInterval(sweep);
      return drain(server, open, graceMs);
    },
  };
}

async function drain(server: Server, open: Set<FrontConnection>, graceMs: number): Promise<number> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  for (const connection of open) connection.closeWhenIdle();
  let brokenOff = 0;
  const timer = setTimeout(() => {
    for (const connection of open) {
      if (!connection.isIdle) brokenOff += 1;
      connection.destroy();
    }
  }, graceMs);
  await closed;
  clearTimeout(timer);
  return brokenOff;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
