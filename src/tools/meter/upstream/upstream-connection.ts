import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { UpstreamTarget } from './upstream-target.ts';

/** How a connection ended: the server closed it properly, or it broke. */
export type Gone = { how: 'fin' | 'reset'; reason: string };

/** Whoever uses a connection at the moment. */
export type ConnectionUser = {
  /** Bytes `[0, end)` were read. They are gone after the call. `atMs` was taken first thing in the read callback. */
  onBytes: (bytes: Buffer, end: number, atMs: number) => void;
  onGone: (gone: Gone, atMs: number) => void;
};

/** Told once how dialling went. */
export type Dialled = {
  onOpen: (connection: UpstreamConnection) => void;
  onFailed: (reason: string) => void;
};

/**
 * Every read of every connection lands here, and is used up before the next one: a buffer for each of a
 * thousand sockets would cost memory and garbage for nothing.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** One TCP or TLS connection to the upstream. */
export class UpstreamConnection {
  readonly #socket: Socket;
  #user: ConnectionUser | null = null;
  #dialled: Dialled | null;
  #gone: Gone | null = null;
  #reason = 'the server closed the connection';
  /** From the call to connect until it could be written to, TLS included, ms. */
  connectMs = 0;
  /** Answers it has carried. */
  served = 0;

  constructor(target: UpstreamTarget, dialled: Dialled) {
    this.#dialled = dialled;
    const beganAtMs = performance.now();
    const onread = {
      buffer: READ_BUFFER,
      callback: (bytesRead: number): boolean => {
        this.#onRead(bytesRead, performance.now());
        return true;
      },
    };
    this.#socket = openSocket(target, onread);
    this.#socket.once(target.tls ? 'secureConnect' : 'connect', () => {
      this.connectMs = performance.now() - beganAtMs;
      const { onOpen } = this.#dialled ?? {};
      this.#dialled = null;
      onOpen?.(this);
    });
    this.#socket.on('end', () => this.#onGone('fin'));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason = describe(error);
      this.#onGone('reset');
    });
    this.#socket.on('close', () => this.#onGone('reset'));
  }

  /** It has not ended, as far as is known. */
  get isOpen(): boolean {
    return this.#gone === null && this.#dialled === null;
  }

  /** All that was written has left for the kernel. */
  get isFlushed(): boolean {
    return this.#socket.writableLength === 0;
  }

  /** Gives what arrives from now on to `user`; null: nobody. */
  use(user: ConnectionUser | null): void {
    this.#user = user;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Ends it at once; its user is told nothing. */
  destroy(): void {
    this.#user = null;
    this.#dialled = null;
    this.#gone ??= { how: 'reset', reason: 'closed by the meter' };
    this.#socket.destroy();
  }

  #onRead(bytesRead: number, atMs: number): void {
    this.#user?.onBytes(READ_BUFFER, bytesRead, atMs);
  }

  #onGone(how: Gone['how']): void {
    if (this.#gone !== null) return;
    this.#gone = { how, reason: this.#reason };
    const { onFailed } = this.#dialled ?? {};
    const user = this.#user;
    this.#dialled = null;
    this.#user = null;
    this.#socket.destroy();
    onFailed?.(this.#reason);
    user?.onGone(this.#gone, performance.now());
  }
}

function openSocket({ host, port, tls, ca }: UpstreamTarget, onread: OnReadOpts): Socket {
  const plain = { host, port, onread };
  if (!tls) return connect(plain).setNoDelay(true);
  // `onread` works with TLS, although its types do not say so (docs/decisions/0070).
  const options = {
    ...plain,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === null ? {} : { ca }),
  };
  return connectTls(options).setNoDelay(true);
}

/** One line: the system's code and what it was doing. Several addresses may all have failed. */
function describe(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return describe(error.errors[0]);
  return error.code === undefined || error.message.includes(error.code)
    ? error.message
    : `${error.message} (${error.code})`;
}
