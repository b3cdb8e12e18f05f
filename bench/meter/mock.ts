// The mock in a process of its own, without a limit on streams, for the meter's benches.
import { startMock } from '../../src/tools/mock/server/start-mock.ts';

const mock = await startMock({
  slots: Infinity,
  timing: { ttft: '200', tpot: '20', tokens: '64' },
});
console.log(mock.url);
process.once('SIGTERM', () => process.exit(0));
