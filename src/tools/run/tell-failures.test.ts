import { expect, test } from 'vitest';
import { createFailureTeller } from './tell-failures.ts';

test('tells three reasons of each kind, each once, and once that there are more', () => {
  const said: string[] = [];
  const tell = createFailureTeller((line) => said.push(line));
  for (let vu = 0; vu < 9; vu++) {
    tell({ kind: 'network', model: 'm', message: 'connection refused' });
    tell({ kind: 'server', model: 'm', message: `503: request ${vu}` });
  }
  tell({ kind: 'constructor', model: 'm', message: 'odd' });
  expect(said).toEqual([
    'm failed, network: connection refused',
    'm failed, server: 503: request 0',
    'm failed, server: 503: request 1',
    'm failed, server: 503: request 2',
    'more server failures are counted only',
    'm failed, constructor: odd',
  ]);
});
