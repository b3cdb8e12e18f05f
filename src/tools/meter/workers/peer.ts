import { isRecord } from '../../../lib/parse/json.ts';

/** One end of Node's channel between two processes. */
export type PeerChannel = {
  send: (message: object) => void;
  onMessage: (listener: (message: unknown) => void) => void;
};

/** What a peer may be asked or told, by name; what comes back is the answer. */
export type Handlers = ReadonlyMap<string, (value: unknown) => unknown>;

type Message = { name: string; value: unknown; id: number | null };

/** Asks the process at the other end of a channel, tells it things, and answers what it asks. */
export class Peer {
  readonly #channel: PeerChannel;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #lastId = 0;

  constructor(channel: PeerChannel, handlers: Handlers) {
    this.#channel = channel;
    channel.onMessage((message) => {
      const read = readMessage(message);
      if (read === null) return;
      if (read.name === 'answer') this.#onAnswer(read);
      else void this.#handle(read, handlers);
    });
  }

  /** Resolves with what the other end's handler of that name gives; never where that process is gone. */
  ask(name: string, value: unknown = null): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#channel.send({ name, value, id });
    });
  }

  tell(name: string, value: unknown = null): void {
    this.#channel.send({ name, value, id: null });
  }

  #onAnswer({ id, value }: Message): void {
    const resolve = id === null ? undefined : this.#waiting.get(id);
    if (id !== null) this.#waiting.delete(id);
    resolve?.(value);
  }

  async #handle({ name, value, id }: Message, handlers: Handlers): Promise<void> {
    const answer = await handlers.get(name)?.(value);
    if (id !== null) this.#channel.send({ name: 'answer', value: answer ?? null, id });
  }
}

/** null: something else's message. */
function readMessage(message: unknown): Message | null {
  if (!isRecord(message)) return null;
  const { name, value, id } = message;
  return typeof name === 'string' ? { name, value, id: typeof id === 'number' ? id : null } : null;
}
