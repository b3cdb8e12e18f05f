/** A place among the running generations, or in the queue for one. */
export type Ticket = {
  /** Gives the place up, whichever it is; more than once does nothing. */
  leave: () => void;
};

/**
 * So many generations at a time, and a queue of so many, first come first served: what an engine's batch and
 * its waiting list are. Infinity is a legal number for both.
 */
export class Capacity {
  readonly #slots: number;
  readonly #queueLength: number;
  readonly #queue = new Set<Waiting>();
  #active = 0;
  #maxActive = 0;
  #maxQueued = 0;

  constructor(slots: number, queueLength: number) {
    this.#slots = slots;
    this.#queueLength = queueLength;
  }

  /** Generations that run now. */
  get active(): number {
    return this.#active;
  }

  /** Requests that wait for a place now. */
  get queued(): number {
    return this.#queue.size;
  }

  /** The most that ever ran, and ever waited, at once since the last `reset`. */
  get peaks(): { maxConcurrent: number; maxQueued: number } {
    return { maxConcurrent: this.#maxActive, maxQueued: this.#maxQueued };
  }

  reset(): void {
    this.#maxActive = this.#active;
    this.#maxQueued = this.#queue.size;
  }

  /** Calls `start` when there is a slot: now, or later from another's `leave`. null: the queue is full. */
  enter(start: () => void): Ticket | null {
    if (this.#active < this.#slots) {
      const ticket = this.#activate();
      start();
      return ticket;
    }
    if (this.#queue.size >= this.#queueLength) return null;
    const waiting: Waiting = { start, ticket: null };
    this.#queue.add(waiting);
    this.#maxQueued = Math.max(this.#maxQueued, this.#queue.size);
    return {
      leave: () => {
        if (waiting.ticket === null) this.#queue.delete(waiting);
        else waiting.ticket.leave();
      },
    };
  }

  #activate(): Ticket {
    this.#active += 1;
    this.#maxActive = Math.max(this.#maxActive, this.#active);
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        this.#active -= 1;
        this.#startNext();
      },
    };
  }

  #startNext(): void {
    for (const waiting of this.#queue) {
      if (this.#active >= this.#slots) return;
      this.#queue.delete(waiting);
      waiting.ticket = this.#activate();
      waiting.start();
    }
  }
}

type Waiting = { start: () => void; ticket: Ticket | null };
