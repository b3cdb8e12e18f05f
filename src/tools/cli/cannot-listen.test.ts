import { expect, test } from 'vitest';
import { cannotListen } from './cannot-listen.ts';

test.each([
  ['EADDRINUSE', /expected a free port; write --port 0$/],
  ['EMFILE', /too many files are open; raise the limit/],
  ['EADDRNOTAVAIL', /expected an address of this machine/],
  ['EPERM', /^cannot listen \(listen EPERM\)$/],
])('%s is told as what it is', (code, expected) => {
  const { message } = cannotListen(Object.assign(new Error(`listen ${code}`), { code }));
  expect(message).toMatch(expected);
  if (code !== 'EADDRINUSE') expect(message).not.toContain('free port');
});
