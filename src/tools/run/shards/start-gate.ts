import { createServer, type ServerResponse } from 'node:http';

/** Where the k6 processes of one run wait for each other. */
export type StartGate = {
  url: string;
  /** One of them will not come any more: it ended. */
  leave: () => void;
  close: () => void;
};

const AHEAD_MS = 500;

/** Opens a gate on loopback that answers when so many have asked: all of them with the moment at which they begin. */
export async function openStartGate(parts: number): Promise<StartGate> {
  const waiting = new Set<ServerResponse>();
  let expected = parts;
  const letGo = (): void => {
    if (waiting.size < expected) return;
    // A moment ahead, so that they begin together though one hears of it later than another.
    const startAtMs = String(Date.now() + AHEAD_MS);
    for (const response of waiting) response.end(startAtMs);
    waiting.clear();
  };
  const server = createServer((request, response) => {
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
    request.resume();
    letGo();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    leave: () => {
      expected -= 1;
      letGo();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
