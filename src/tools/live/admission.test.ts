import { expect, test } from 'vitest';
import { admit } from './admission.ts';

const OWN = { port: 4000, token: 'secret-token' };
const HOST = { host: '127.0.0.1:4000' };

test.each([
  ['the page as it was printed', 'GET', '/secret-token/', HOST, ''],
  ['with what a browser adds', 'GET', '/secret-token/', { ...HOST, 'sec-fetch-site': 'none' }, ''],
  ['by its other name', 'GET', '/secret-token/events?size=wide', { host: 'LOCALHOST:4000' }, 'events'],
  [
    'the button',
    'POST',
    '/secret-token/stop',
    { ...HOST, origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-origin' },
    'stop',
  ],
])('lets in %s', (_, method, url, headers, wanted) => {
  expect(admit({ method, url, headers }, OWN)).toEqual({ wanted });
});

test.each([
  ['a name that was made to point here', 'GET', '/secret-token/', { host: 'evil.example:4000' }, 403],
  ['the port of another server', 'GET', '/secret-token/', { host: '127.0.0.1:4001' }, 403],
  ['no Host', 'GET', '/secret-token/', {}, 403],
  ['no token', 'GET', '/', HOST, 403],
  ['another token', 'POST', '/secret-tokem/stop', HOST, 403],
  ['a part of the token', 'GET', '/secret/', HOST, 403],
  ['the form of another site', 'POST', '/secret-token/stop', { ...HOST, origin: 'http://evil.example' }, 403],
  ['a page without an origin', 'POST', '/secret-token/stop', { ...HOST, origin: 'null' }, 403],
  ['a page of another port', 'POST', '/secret-token/stop', { ...HOST, 'sec-fetch-site': 'same-site' }, 403],
  ['an image of another site', 'GET', '/secret-token/stop', { ...HOST, 'sec-fetch-site': 'cross-site' }, 403],
  ['a stop by a link', 'GET', '/secret-token/stop', HOST, 405],
  ['a preflight of another site', 'OPTIONS', '/secret-token/stop', HOST, 405],
  ['an unknown page', 'GET', '/secret-token/constructor', HOST, 404],
  ['a path below one', 'GET', '/secret-token/report/x', HOST, 404],
])('refuses %s', (_, method, url, headers, status) => {
  expect(admit({ method, url, headers }, OWN)).toMatchObject({ refused: { status } });
});
