// A stand-in for a service with documents, to try rag.ts on: a login, and a search that takes its tokens alone.
//
//   node examples/rag-service.mjs            listens on 8790, or PORT; answers after DELAY_MS
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const DOCUMENTS = [
  'Parcels may be returned within 30 days of delivery.',
  'The way back is free from within the country; from abroad the sender pays it.',
  'Money is paid back within five working days of the arrival of a return.',
  'Gift cards, and what was made to measure, cannot be returned.',
];

/** @param {{port: number, delayMs?: number}} options */
export async function startService({ port, delayMs = 20 }) {
  const tokens = new Set();
  const counts = { logins: 0, searches: 0, refused: 0 };
  const routes = {
    '/login': ({ name }) => {
      counts.logins += 1;
      const token = `token-of-${name}`;
      tokens.add(token);
      return { status: 200, body: { token } };
    },
    '/search': ({ query }, authorization) => {
      if (!tokens.has(authorization.replace('Bearer ', ''))) {
        counts.refused += 1;
        return { status: 401, body: { error: 'log in first' } };
      }
      counts.searches += 1;
      const words =
        String(query)
          .toLowerCase()
          .match(/\w{4,}/g) ?? [];
      const best = DOCUMENTS.filter((text) => words.some((word) => text.toLowerCase().includes(word)));
      return { status: 200, body: { documents: best.length > 0 ? best : DOCUMENTS } };
    },
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    await sleep(delayMs);
    const answer = Object.hasOwn(routes, request.url ?? '')
      ? routes[request.url](JSON.parse(text), request.headers.authorization ?? '')
      : { status: 404, body: { error: 'there are /login and /search' } };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address();
  return { url: `http://127.0.0.1:${taken}`, counts, close: () => server.close() };
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = '8790', DELAY_MS = '20' } = process.env;
  const { url } = await startService({ port: Number(PORT), delayMs: Number(DELAY_MS) });
  console.log(`documents at ${url}`);
}
