import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** PEM. */
export type Certificate = { key: string; cert: string };

export type ScriptedServer = {
  url: string;
  server: Server;
  requests: () => number;
  /** Connections that are open, and those that ended. */
  open: () => number;
  gone: () => number;
  close: () => Promise<void>;
};

/** A server that does to each whole request what a script says; `count` is 1 for the first. */
export async function openScriptedServer(
  script: (socket: Socket, request: string, count: number) => void,
  certificate: Certificate | null = null,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let [requests, gone] = [0, 0];
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      gone += 1;
      sockets.delete(socket);
    });
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const start = text.indexOf('\r\n\r\n') + 4;
      if (start < 4 || text.length < start + length) return;
      const whole = text;
      text = '';
      requests += 1;
      script(socket, whole, requests);
    });
  };
  const server = certificate === null ? createServer(onSocket) : createTlsServer(certificate, onSocket);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${certificate === null ? 'http' : 'https'}://127.0.0.1:${port}/v1`,
    server,
    requests: () => requests,
    open: () => sockets.size,
    gone: () => gone,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
