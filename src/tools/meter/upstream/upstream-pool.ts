import { type Dialled, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamTarget } from './upstream-target.ts';

/** Connections of a pool, as counted. */
export type PoolFigures = { open: number; idle: number; opened: number; lostIdle: number };

/** While a pool is filled, so many connections are being opened at a time: servers' accept queues are finite. */
const OPENING_AT_A_TIME = 64;
/** While a pool is filled, a connection that takes longer than this, ms, is given up: nothing answers there. */
const FILL_TIMEOUT_MS = 5000;
/** All of a filling, ms: whoever starts a meter waits for it, and a far server takes long for thousands. */
const FILL_WITHIN_MS = 6000;

/**
 * Kept-alive connections to the one upstream. The one used last is used next: it is the least likely to have been
 * closed for its idleness.
 */
export class UpstreamPool {
  readonly #target: UpstreamTarget;
  readonly #idle: UpstreamConnection[] = [];
  readonly #all = new Set<UpstreamConnection>();
  #opened = 0;
  #lostIdle = 0;

  constructor(target: UpstreamTarget) {
    this.#target = target;
  }

  get figures(): PoolFigures {
    return {
      open: this.#all.size,
      idle: this.#idle.length,
      opened: this.#opened,
      lostIdle: this.#lostIdle,
    };
  }

  /**
   * Opens connections until `count` are there, and keeps them idle. Gives up at the first that cannot be opened:
   * the load itself will tell. What `withinMs` is too short for is left to the load too.
   *
   * @returns why it stopped early; null when all are open.
   */
  async fill(count: number, withinMs = FILL_WITHIN_MS): Promise<string | null> {
    const beganAtMs = performance.now();
    while (this.#all.size < count) {
      const missing = Math.min(count - this.#all.size, OPENING_AT_A_TIME);
      const reasons = await Promise.all(Array.from({ length: missing }, () => this.#openIdle()));
      const failed = reasons.find((reason) => reason !== null);
      if (failed !== undefined) return failed;
      const isLate = performance.now() - beganAtMs >= withinMs;
      if (isLate && this.#all.size < count)
        return `${this.#all.size} of ${count} were open after ${withinMs / 1000} s`;
    }
    return null;
  }

  /** An open connection; null when none is idle. */
  take(): UpstreamConnection | null {
    let connection = this.#idle.pop();
    while (connection !== undefined && !connection.isOpen) {
      this.#all.delete(connection);
      connection = this.#idle.pop();
    }
    connection?.use(null);
    return connection ?? null;
  }

  /** Opens one more. `cancel` ends the attempt; nothing is told then. */
  dial({ onOpen, onFailed }: Dialled): { cancel: () => void } {
    const connection = new UpstreamConnection(this.#target, {
      onOpen: () => {
        this.#opened += 1;
        onOpen(connection);
      },
      onFailed: (reason) => {
        this.#all.delete(connection);
        onFailed(reason);
      },
    });
    this.#all.add(connection);
    return { cancel: () => this.drop(connection) };
  }

  /** Takes a connection back for the next request. Whatever happens to it meanwhile ends it. */
  keep(connection: UpstreamConnection): void {
    if (!connection.isOpen) {
      this.drop(connection);
      return;
    }
    const lose = (): void => {
      this.#lostIdle += 1;
      const index = this.#idle.indexOf(connection);
      if (index >= 0) this.#idle.splice(index, 1);
      this.drop(connection);
    };
    connection.use({ onBytes: lose, onGone: lose });
    this.#idle.push(connection);
  }

  /** Ends a connection for good. */
  drop(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    connection.destroy();
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#idle.length = 0;
  }

  #openIdle(): Promise<string | null> {
    return new Promise((resolve) => {
      const end = (reason: string | null): void => {
        clearTimeout(timer);
        resolve(reason);
      };
      const dialling = this.dial({
        onOpen: (connection) => {
          this.keep(connection);
          end(null);
        },
        onFailed: end,
      });
      const timer = setTimeout(() => {
        dialling.cancel();
        end(`no connection within ${FILL_TIMEOUT_MS / 1000} s`);
      }, FILL_TIMEOUT_MS);
    });
  }
}
