/** Milliseconds of a monotonic clock with sub-microsecond steps. */
export type Now = () => number;

/** Something to be done at a time. It lives in at most one scheduler, at most once. */
export type Timed = {
  /** When, on the scheduler's clock, ms. May change only while it is not scheduled. */
  dueMs: number;
  /** The scheduler's own; -1 while not scheduled. */
  heapIndex: number;
  /** Called once, never before `dueMs`; may schedule itself again. */
  run: (nowMs: number) => void;
};

/** setTimeout may fire up to 2 ms late (1 ms ticks, each rounded up); nearer than this, passes are counted out. */
const NEAR_MS = 2;
/** Share of one core that may be spent on waiting exactly; beyond it, writes fall on ticks of 1 ms. */
const SPIN_RATIO = 0.1;
/** At most this much waiting is saved up, ms: a burst after a quiet time is met exactly. */
const MAX_SPIN_CREDIT_MS = 30;
/** After so long in one pass the sockets get their turn, ms. */
const MAX_PASS_MS = 1;

/**
 * One clock for every open answer: a heap over a single timer. It sleeps until shortly before the next item
 * is due, then passes through the event loop (sockets are served meanwhile) until the moment itself.
 */
export class Scheduler {
  readonly now: Now;
  readonly #heap: Timed[] = [];
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  /** What the timer or immediate was set for; Infinity if none is. */
  #armedForMs = Infinity;
  #inPass = false;
  #spinCreditMs = MAX_SPIN_CREDIT_MS;
  #creditAtMs: number;
  #spinningSinceMs: number | null = null;

  constructor(now: Now = () => performance.now()) {
    this.now = now;
    this.#creditAtMs = now();
  }

  /** Runs `item` at its `dueMs`, or in the next pass if that is over. */
  schedule(item: Timed): void {
    this.#lift(this.#heap.push(item) - 1, item);
    if (!this.#inPass && item.dueMs < this.#armedForMs) this.#arm();
  }

  /** Takes `item` out; nothing happens if it is not in. */
  cancel(item: Timed): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#lift(index, last);
    this.#sink(last.heapIndex, last);
  }

  /** Forgets everything and stops. */
  close(): void {
    for (const item of this.#heap) item.heapIndex = -1;
    this.#heap.length = 0;
    this.#disarm();
  }

  readonly #pass = (): void => {
    this.#disarm();
    const startMs = this.now();
    this.#charge(startMs);
    this.#inPass = true;
    try {
      let nowMs = startMs;
      for (let item = this.#heap[0]; item !== undefined && item.dueMs <= nowMs; item = this.#heap[0]) {
        this.cancel(item);
        item.run(nowMs);
        nowMs = this.now();
        if (nowMs - startMs > MAX_PASS_MS) break;
      }
    } finally {
      this.#inPass = false;
      this.#arm();
    }
  };

  #arm(): void {
    this.#disarm();
    const next = this.#heap[0];
    if (next === undefined) {
      this.#spinningSinceMs = null;
      return;
    }
    this.#armedForMs = next.dueMs;
    const nowMs = this.now();
    const waitMs = next.dueMs - nowMs;
    if (waitMs <= 0) {
      this.#spinningSinceMs = null;
      this.#immediate = setImmediate(this.#pass);
    } else if (waitMs <= NEAR_MS && this.#spinCreditMs > 0) {
      this.#spinningSinceMs ??= nowMs;
      this.#immediate = setImmediate(this.#pass);
    } else {
      this.#spinningSinceMs = null;
      this.#timer = setTimeout(this.#pass, Math.max(1, Math.floor(waitMs) - 1));
    }
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
    this.#armedForMs = Infinity;
  }

  /** Earns credit for the time gone by, and pays for the part of it that was spent waiting in passes. */
  #charge(nowMs: number): void {
    const earnedMs = (nowMs - this.#creditAtMs) * SPIN_RATIO;
    const spentMs = this.#spinningSinceMs === null ? 0 : nowMs - this.#spinningSinceMs;
    this.#creditAtMs = nowMs;
    this.#spinningSinceMs = null;
    this.#spinCreditMs = Math.min(MAX_SPIN_CREDIT_MS, this.#spinCreditMs + earnedMs - spentMs);
  }

  /** Puts `item` at `index` or nearer to the top. */
  #lift(index: number, item: Timed): void {
    let at = index;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#heap[above];
      if (other === undefined || other.dueMs <= item.dueMs) break;
      this.#place(at, other);
      at = above;
    }
    this.#place(at, item);
  }

  /** Puts `item` at `index` or further from the top. */
  #sink(index: number, item: Timed): void {
    let at = index;
    for (;;) {
      let below = 2 * at + 1;
      let other = this.#heap[below];
      const right = this.#heap[below + 1];
      if (other === undefined) break;
      if (right !== undefined && right.dueMs < other.dueMs) {
        below += 1;
        other = right;
      }
      if (item.dueMs <= other.dueMs) break;
      this.#place(at, other);
      at = below;
    }
    this.#place(at, item);
  }

  #place(index: number, item: Timed): void {
    this.#heap[index] = item;
    item.heapIndex = index;
  }
}
