import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that sends clients on to another one, and that one: it must never hear of a request. */
export type RedirectingServer = {
  url: string;
  /** Where redirects lead. */
  otherUrl: string;
  /** Requests that followed, with their headers. */
  followed: string[];
};

/** Redirects what `redirects` takes (by default everything); answers anything else with an empty list of models. */
export async function openRedirectingServer(
  status: number,
  redirects: (method: string) => boolean = () => true,
): Promise<RedirectingServer> {
  const followed: string[] = [];
  const otherUrl = await listen((request, response) => {
    followed.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.setHeader('content-type', 'application/json').end('{"data":[]}');
  });
  const url = await listen((request, response) => {
    request.resume();
    if (!redirects(request.method ?? '')) return response.end('{"data":[]}');
    return response.writeHead(status, { location: `${otherUrl}${request.url}?k=s3cret` }).end();
  });
  return { url: `${url}/v1`, otherUrl, followed };
}

async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
