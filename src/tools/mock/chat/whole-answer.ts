import type { Timed } from '../time/scheduler.ts';
import { RESET_DELAY_MS, afterAnswer, endGeneration, errorKindOf, type Generation } from './generation.ts';
import type { MockAnswer } from '../server/mock-exchange.ts';
import { endingOf } from './pacing.ts';

/** Writes one answer whole, when its last token is due: start + ttft + (n − 1) × tpot. */
export class WholeAnswer implements Timed {
  dueMs: number;
  heapIndex = -1;
  readonly #generation: Generation;
  /** Rendered beforehand, so that it goes out on time. */
  readonly #answer: MockAnswer;
  #resetting = false;

  constructor(generation: Generation) {
    const { plan, startMs, format, identity, usage, headers, faults, ask } = generation;
    const items = faults.has('empty') ? 0 : (ask.items ?? 0);
    this.#generation = generation;
    this.dueMs = startMs + plan.ttftMs + Math.max(0, plan.outputTokens - 1) * plan.tpotMs;
    const body = faults.has('error_event')
      ? format.errorBody({ message: 'the mock engine stopped', type: 'server_error', code: 500 })
      : format.blockingBody({ identity, usage, plan, items, field: ask.field });
    this.#answer = { status: 200, type: 'application/json', headers, body };
  }

  start(): void {
    const { scheduler, exchange } = this.#generation;
    exchange.onClientLeft(() => {
      scheduler.cancel(this);
      endGeneration(this.#generation, 'aborted', null);
    });
    scheduler.schedule(this);
  }

  run(nowMs: number): void {
    const { scheduler, exchange, log, plan, faults } = this.#generation;
    if (this.#resetting) {
      exchange.breakOff('rst');
      endGeneration(this.#generation, 'reset', errorKindOf(faults, false));
      return;
    }
    log.answering(200);
    log.wrote({ atMs: nowMs, lateMs: nowMs - this.dueMs, tokens: plan.outputTokens * plan.choices });
    const ending = endingOf(faults);
    if (ending === null || ending === 'error_event' || ending === 'interrupted') {
      this.#sendWhole();
      return;
    }
    const { body } = this.#answer;
    const half = body.slice(0, body.length >> 1);
    if (ending === 'reset') {
      exchange.push(exchange.renderWhole(this.#answer, body.length) + half);
      this.#resetting = true;
      this.dueMs = nowMs + RESET_DELAY_MS;
      scheduler.schedule(this);
      return;
    }
    if (ending === 'cut') exchange.send({ ...this.#answer, body: half });
    else exchange.breakOff('fin', exchange.renderWhole(this.#answer, body.length) + half);
    endGeneration(this.#generation, ending, errorKindOf(faults, false));
  }

  #sendWhole(): void {
    const { exchange, log, format, faults, usage } = this.#generation;
    if (usage !== null && !faults.has('error_event')) log.told(format.toldAtEnd(usage));
    exchange.send(this.#answer, afterAnswer(faults));
    endGeneration(this.#generation, 'whole', errorKindOf(faults, false));
  }
}
