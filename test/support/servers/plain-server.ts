import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';

/** A server that answers as it is told, until the test ends. @returns its base URL, `…/v1`. */
export async function openPlainServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://127.0.0.1:${port}/v1`;
}
