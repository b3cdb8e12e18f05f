import type { Now } from './scheduler.ts';

/**
 * When the event loop last came back from waiting for sockets. A request that is read late, because a
 * thousand others came with it, had arrived by then: its time counts from there and not from its turn.
 */
export class PollClock {
  readonly #now: Now;
  #polledAtMs: number | null = null;

  constructor(now: Now) {
    this.#now = now;
  }

  /** To be called from a socket's read callback: the time of the first such call since the last wait, ms. */
  stampMs(): number {
    if (this.#polledAtMs === null) {
      this.#polledAtMs = this.#now();
      setImmediate(() => {
        this.#polledAtMs = null;
      });
    }
    return this.#polledAtMs;
  }
}
