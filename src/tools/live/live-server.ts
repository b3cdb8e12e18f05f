import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { PlotSize } from '../report/html/plot.ts';
import { admit } from './admission.ts';

/** What is served. */
export type LiveContent = {
  /** The page, whose script may run under this nonce. */
  page: (nonce: string) => string;
  /** What is in its places now, by their ids, for a wide or a narrow page. */
  parts: (size: PlotSize['name']) => ReadonlyMap<string, string>;
  /** Told once when somebody presses the button. @returns whether there was something to stop. */
  stop: () => boolean;
};

export type LiveServer = {
  /** With its token. */
  url: string;
  /** Sends what has changed to every open page; makes nothing when there is none. */
  push: () => void;
  /** Sends open pages to the report, waits until they have it, and closes. null: there is none. */
  end: (report: string | null) => Promise<void>;
};

/** One open page: what it was sent last. */
type Viewer = { response: ServerResponse; size: PlotSize['name']; sent: Map<string, string> };

/** Longer than a browser needs that is there, shorter than a person waits for a prompt. */
const REPORT_TIMEOUT_MS = 3000;

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Serves the live page on loopback, on any free port. */
export async function startLiveServer(content: LiveContent): Promise<LiveServer> {
  const live = new Live(content);
  const port = await live.listen();
  return {
    url: `http://127.0.0.1:${port}/${live.token}/`,
    push: () => live.push(),
    end: (report) => live.end(report),
  };
}

class Live {
  readonly token = randomBytes(16).toString('base64url');
  readonly #content: LiveContent;
  readonly #viewers = new Set<Viewer>();
  readonly #server: Server;
  #port = 0;
  #report: string | null = null;
  /** Pages that have yet to fetch the report. */
  #waiting = 0;
  #onFetched: () => void = () => {};

  constructor(content: LiveContent) {
    this.#content = content;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this.#port;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const admission = admit({ method, url, headers }, { port: this.#port, token: this.token });
    if ('refused' in admission) {
      const { status, why } = admission.refused;
      return send(response, { status, type: 'text/plain', body: `not served: ${why}\n` });
    }
    switch (admission.wanted) {
      case 'events':
        return this.#open(response, url.endsWith('size=narrow') ? 'narrow' : 'wide');
      case 'stop':
        return send(response, { status: this.#content.stop() ? 202 : 409, type: 'text/plain', body: '' });
      case 'report':
        return this.#sendReport(response);
      default: {
        const nonce = randomBytes(16).toString('base64url');
        return send(response, { status: 200, type: 'text/html', body: this.#content.page(nonce) });
      }
    }
  }

  #open(response: ServerResponse, size: PlotSize['name']): void {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const viewer: Viewer = { response, size, sent: new Map() };
    this.#viewers.add(viewer);
    response.once('close', () => this.#viewers.delete(viewer));
    sendChanged(viewer, this.#content.parts(size));
  }

  push(): void {
    for (const size of ['wide', 'narrow'] as const) {
      const viewers = [...this.#viewers].filter((viewer) => viewer.size === size);
      if (viewers.length === 0) continue;
      const parts = this.#content.parts(size);
      for (const viewer of viewers) sendChanged(viewer, parts);
    }
  }

  async end(report: string | null): Promise<void> {
    const viewers = [...this.#viewers];
    if (report !== null && viewers.length > 0) {
      this.#report = report;
      this.#waiting = viewers.length;
      const fetched = new Promise<void>((resolve) => (this.#onFetched = resolve));
      const timer = setTimeout(this.#onFetched, REPORT_TIMEOUT_MS);
      for (const { response } of viewers) response.write('event: report\ndata: \n\n');
      await fetched;
      clearTimeout(timer);
    }
    for (const { response } of this.#viewers) response.end();
    this.#server.close();
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), REPORT_TIMEOUT_MS).unref();
  }

  #sendReport(response: ServerResponse): void {
    if (this.#report === null)
      return send(response, { status: 404, type: 'text/plain', body: 'the run goes on\n' });
    response.once('close', () => {
      this.#waiting -= 1;
      if (this.#waiting <= 0) this.#onFetched();
    });
    send(response, { status: 200, type: 'text/html', body: this.#report });
  }
}

/** A page that does not read is not written to: it gets what is new when it does. */
function sendChanged({ response, sent }: Viewer, parts: ReadonlyMap<string, string>): void {
  if (response.writableNeedDrain) return;
  const changed = [...parts].filter(([id, html]) => sent.get(id) !== html);
  if (changed.length === 0) return;
  for (const [id, html] of changed) sent.set(id, html);
  response.write(`event: parts\ndata: ${JSON.stringify(Object.fromEntries(changed))}\n\n`);
}

function send(
  response: ServerResponse,
  { status, type, body }: { status: number; type: string; body: string },
): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
  response.end(body);
}
