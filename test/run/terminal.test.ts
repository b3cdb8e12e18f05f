import { beforeAll, describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTests } from '../support/temporary-folder.ts';
import { HAS_TERMINALS, runOnTerminal } from '../support/terminal.ts';

const STATUS = /^\d+:\d\d(, \d+:\d\d left|, last answers)?  [\d.]+\/s( of [\d.]+| by \d+ users?)?/;
/** Control sequences with their first character shown: no expression may hold it. */
const COLOUR = /␛\[\d+m/;
const CLEAR = '\r␛[J';

const cwd = folderOfTests('terminal');
let K6_BIN = '';
beforeAll(async () => {
  K6_BIN = (await findK6(() => {})).path;
});

test('a machine of CI can open terminals', () => {
  if (!HAS_TERMINALS) process.stderr.write('\nNOT CHECKED: what a terminal shows needs python3 with pty\n');
  expect(HAS_TERMINALS || process.env['CI'] !== 'true').toBe(true);
});

describe.skipIf(!HAS_TERMINALS)('on a terminal', () => {
  async function run(args: readonly string[], other: Record<string, string> = {}) {
    const mock = await openMock();
    const env = {
      K6_BIN,
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1',
      LLM_RATE: '20',
      LLM_TIME_SCALE: '0.01',
      LLM_EXPECTED_LATENCY: '100ms',
      ...other,
    };
    const ended = await runOnTerminal(['run', 'stress', ...args], { cwd, env });
    const written = ended.written.replaceAll('\u001B', '␛');
    const drawn = written.replaceAll(CLEAR, '\n').split(/\r?\n/);
    return { written, drawn, status: drawn.filter((line) => STATUS.test(line)) };
  }

  test('one line tells how a run goes, in place of bars, and leaves nothing in the table', async () => {
    const { written, drawn, status } = await run([]);
    expect(status.length).toBeGreaterThan(2);
    expect(status.join('\n')).toMatch(/\d\/s of \d.*p95 \d+ ms.*0 % failed {2}\$0\.\d+/);
    expect(status.filter((line) => line.length > 79 || COLOUR.test(line))).toEqual([]);
    expect(written).not.toMatch(/VUs {2}\d+\.\ds|\[=*>?-*\]/);
    // The table has its colours, though it went through the launcher, and stands on lines of its own.
    const title = drawn.find((line) => /stress.*of load/.test(line)) ?? '';
    expect(title).toMatch(COLOUR);
    expect(title).not.toMatch(STATUS);
    // The last drawing is taken away.
    expect(written.slice(written.lastIndexOf(status.at(-1) ?? 'none'))).toContain(CLEAR);
  });

  test('several k6s have one line; NO_COLOR takes all colours', async () => {
    const { written, status } = await run(['--shards', '2'], { NO_COLOR: '1' });
    expect(status.length).toBeGreaterThan(2);
    expect(written).toContain('goodput');
    expect(written).not.toMatch(COLOUR);
  });

  test("--k6-bars shows k6's own, and --quiet neither", async () => {
    const bars = await run(['--k6-bars']);
    expect(bars.status).toEqual([]);
    expect(bars.written).toMatch(/\d+\/\d+ VUs/);
    const quiet = await run(['--', '--quiet']);
    expect(quiet.status).toEqual([]);
    expect(quiet.written).not.toMatch(/\d+\/\d+ VUs, /);
  });
});
