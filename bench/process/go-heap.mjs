// What a Go process keeps in its heap, right after a collection, by k6's own profiling endpoint.
import { createServer } from 'node:net';
import { once } from 'node:events';

/** Arguments that make k6 answer on a port of its own, and a reader of its live heap, bytes; null before it answers. */
export async function heapWatch() {
  const port = await freePort();
  return {
    args: ['--address', `127.0.0.1:${port}`, '--profiling-enabled'],
    liveBytes: async () => {
      try {
        const text = await (await fetch(`http://127.0.0.1:${port}/debug/pprof/heap?gc=1&debug=1`)).text();
        const found = /# HeapAlloc = (\d+)/.exec(text);
        return found === null ? null : Number(found[1]);
      } catch {
        return null;
      }
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
