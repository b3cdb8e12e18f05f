import { EventEmitter } from 'node:events';
import type { PeerChannel } from '../../src/tools/meter/workers/peer.ts';

/** Two ends of a channel in one process: messages come later, and as copies, as between processes. */
export function channelPair(): { near: PeerChannel; far: PeerChannel } {
  const [toNear, toFar] = [new EventEmitter(), new EventEmitter()];
  return { near: end(toFar, toNear), far: end(toNear, toFar) };
}

function end(out: EventEmitter, back: EventEmitter): PeerChannel {
  return {
    send: (message) => {
      const copy: unknown = structuredClone(message);
      setImmediate(() => out.emit('message', copy));
    },
    onMessage: (listener) => void back.on('message', listener),
  };
}
