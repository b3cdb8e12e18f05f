import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { hasInfluxd, INFLUXD_MISSING } from '../influxdb/influxd.ts';
import { hasPrometheus, PROMETHEUS_MISSING } from '../dashboards/prometheus.ts';
import { folderOfTests } from '../support/temporary-folder.ts';
import { CIRCUMSTANCES } from './circumstances.ts';
import {
  copyClone,
  npmCache,
  openNetwork,
  startGroup,
  writeShortNpx,
  type Group,
  type Network,
} from './place.ts';
import { runBlock, untilListening, type Surroundings } from './run-block.ts';
import { readShellBlocks, type ShellBlock, type ShellCommand } from './shell-blocks.ts';

// What the docs say is run as they say it: in a clone, and in an empty folder that has nothing but what npm pack made.
// Environment alone makes it short. README.md's first lines with npx go through npm's own; others start what it links
// by a shorter way, for npx takes ten times as long as what it starts.

const BLOCKS = await readShellBlocks();
const COMMANDS = BLOCKS.flatMap(({ commands }) => commands);
const HAS_INFLUXD = await hasInfluxd();
const HAS_PROMETHEUS = await hasPrometheus();
if (!HAS_PROMETHEUS) console.log(`NOT CHECKED: ${PROMETHEUS_MISSING}`);
if (!HAS_INFLUXD) console.log(`NOT CHECKED: ${INFLUXD_MISSING}`);

/** Short, and however busy the machine is, with requests enough for two runs to be compared. */
const SHORT = {
  LLM_EXPECTED_LATENCY: '200ms',
  LLM_RATE: '20',
  LLM_THINK_TIME: '30ms',
  LLM_TIME_SCALE: '0.003',
  LLM_VUS: '3',
};
const QUICK = ['--ttft', '5', '--tpot', '1', '--output-tokens', '8', '--quiet'];
/** Runs that the pages speak of and that nothing in them makes. */
const GIVEN_RUNS = ['a', 'b', 'before', 'after', 'main', 'pr', 'one'];

const isNpx = ({ key }: ShellCommand): boolean => key.startsWith('npx ');
const isExcused = (key: string): boolean => 'not' in (CIRCUMSTANCES.get(key) ?? {});

/** What the packed CLI is shown by: blocks of nothing but k6-llm's own commands, each kind of command once. */
const PACKED = BLOCKS.filter(
  ({ page, commands }) =>
    (page === 'README.md' || commands.some(({ key }) => /k6-llm explain|--cloud$/.test(key))) &&
    commands.every(({ key }) => /^(export|curl|npx k6-llm) /.test(key) && !isExcused(key)),
);

/** The first of a reader's own: these lines go through npm's npx. */
const OWN_NPX = BLOCKS.find(({ page, commands }) => page === 'README.md' && commands.some(isNpx));

const titled = (blocks: readonly ShellBlock[]): [title: string, block: ShellBlock][] =>
  blocks.map((block) => [`${block.page}:${block.line}`, block]);

test('every command of the table of circumstances stands in the docs', () => {
  const keys = COMMANDS.map(({ key }) => key);
  expect([...CIRCUMSTANCES.keys()].filter((key) => !keys.includes(key))).toEqual([]);
});

describe.skipIf(process.platform === 'win32')('the docs’ shell lines', () => {
  const folder = folderOfTests('docs');
  let clone = '';
  let packed = '';
  let network: Network = { enter: [], close: async () => {} };
  let env: NodeJS.ProcessEnv = {};
  let shortNpx = '';
  const servers = new Map<string, Group>();
  const surroundings = (
    cwd: string,
    { ownNpx = false, more = {} }: { ownNpx?: boolean; more?: Readonly<Record<string, string>> },
  ): Surroundings => ({
    cwd,
    env: {
      ...env,
      ...more,
      // Nothing is to be fetched there: what is missing fails at once.
      npm_config_fetch_retries: '0',
      PATH: ownNpx ? env['PATH'] : `${shortNpx}:${env['PATH'] ?? ''}`,
    },
    enter: network.enter,
    programs: new Set([...(HAS_INFLUXD ? ['influxd'] : []), ...(HAS_PROMETHEUS ? ['prometheus'] : [])]),
  });

  const serve = async (name: string, command: readonly string[], port: number): Promise<void> => {
    const isThere = [...network.enter, 'bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`];
    if ((await runToEnd(isThere)) === 0) throw new Error(`port ${port}, which the docs name, is taken`);
    const server = startGroup([...network.enter, ...command], { cwd: folder, env });
    servers.set(name, server);
    if ((await runToEnd([...network.enter, 'bash', '-c', untilListening(port)])) !== 0) {
      throw new Error(`${name} does not listen: ${server.output()}`);
    }
  };
  const runToEnd = async (command: readonly string[]): Promise<number | null> => {
    const group = startGroup(command, { cwd: folder, env });
    await group.ended;
    await group.end();
    return group.child.exitCode;
  };
  const serveMock = (port: number): Promise<void> =>
    serve(
      `mock ${port}`,
      [process.execPath, path.join(clone, 'dist/cli.mjs'), 'mock', '--port', `${port}`, ...QUICK],
      port,
    );
  /** Outside the network of the test: what has to fetch, or needs none. */
  const prepare = (cwd: string, command: string): string => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    const k6 = await findK6(() => {});
    [clone, packed] = [path.join(folder, 'clone'), path.join(folder, 'packed')];
    const bin = path.join(folder, 'bin');
    await Promise.all([clone, packed, bin].map((name) => mkdir(name)));
    await symlink(k6.path, path.join(bin, 'k6'));
    const shell = Object.entries(process.env).filter(
      ([name]) => !/^(LLM_|K6_|npm_)|_API_KEY$|^(VITEST|NODE_ENV|INIT_CWD)/.test(name),
    );
    env = {
      ...Object.fromEntries(shell),
      ...SHORT,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      K6_NO_USAGE_REPORT: 'true',
      npm_config_cache: await npmCache(path.join(folder, 'npm')),
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
    shortNpx = await writeShortNpx(path.join(folder, 'short'));
    network = await openNetwork();
    await copyClone(clone);
  });

  afterAll(async () => {
    for (const server of servers.values()) await server.end();
    await network.close();
  });

  async function expectToRun(block: ShellBlock, where: Surroundings): Promise<void> {
    const { failed, ran, left, output } = await runBlock(block, where);
    expect(failed, output.slice(-4000)).toEqual([]);
    expect(ran.length + left.length).toBe(block.commands.length);
  }

  describe('in a clone', () => {
    const [first, ...others] = BLOCKS;

    test('the first lines of README.md, on the machine’s own network', async () => {
      expect(first?.commands[0]?.key).toMatch(/^npm ci/);
      if (first !== undefined)
        await expectToRun(first, { ...surroundings(clone, { ownNpx: true }), enter: [] });
    });

    test('npx k6-llm builds what an install without scripts has not', async () => {
      await rm(path.join(clone, 'dist'), { recursive: true });
      prepare(clone, 'npx k6-llm --version');
      expect(await readdir(path.join(clone, 'dist'))).toContain('smoke.js');
    });

    // test/package looks at what npm pack builds for it; here it is there already.
    test('what npm pack makes installs into an empty folder', () => {
      prepare(clone, 'npm pack --ignore-scripts --silent --pack-destination ..');
      prepare(packed, 'npm i ../k6-llm-*.tgz');
      expect(prepare(packed, 'npx k6-llm --version')).toBe(prepare(clone, 'npx k6-llm --version'));
    });

    describe('beside a mock', () => {
      beforeAll(async () => {
        await serveMock(8787);
        await serveMock(8000);
        if (HAS_PROMETHEUS) await serve('prometheus', await prometheusCommand(folder), 9090);
        if (HAS_INFLUXD)
          await serve('influxd', ['influxd', 'run', '-config', await influxdConfig(folder)], 8086);
        await expectToRun(
          { page: '', line: 0, commands: [given('npx k6-llm run baseline --stream')] },
          surroundings(clone, { more: { LLM_RESULTS_DIR: 'results/given' } }),
        );
        for (const name of GIVEN_RUNS) {
          for (const place of [clone, packed]) {
            await cp(path.join(clone, 'results/given'), path.join(place, 'results', name), {
              recursive: true,
            });
          }
        }
      });

      test.each(titled(others))('in the clone: %s', async (_title, block) => {
        const own = listensOn(block).includes(8787);
        if (own) await servers.get('mock 8787')?.end();
        try {
          await expectToRun(block, surroundings(clone, { ownNpx: block === OWN_NPX, more: targetOf(block) }));
        } finally {
          if (own) await serveMock(8787);
        }
      });

      test.each(titled(PACKED))('packed: %s', async (_title, block) => {
        await expectToRun(block, surroundings(packed, { more: targetOf(block) }));
      });

      test('the line of k6 Cloud in docs/cloud.md is the one that --cloud writes', () => {
        const [settings, line] = ['export LLM_BASE_URL=https', 'k6 cloud run '].map(
          (start) => COMMANDS.find(({ key }) => key.startsWith(start))?.text ?? '',
        );
        const unset = `unset ${Object.keys(SHORT).join(' ')}`;
        expect(prepare(clone, `${unset}; ${settings}; npx k6-llm run baseline --cloud`)).toContain(line);
      });
    });
  });
});

function listensOn({ commands }: ShellBlock): (number | undefined)[] {
  return commands.map(({ key }) => {
    const circumstance = CIRCUMSTANCES.get(key) ?? {};
    return 'listensOn' in circumstance ? circumstance.listensOn : undefined;
  });
}

/** Where a page goes on from README.md's settings. */
function targetOf({ page }: ShellBlock): Record<string, string> {
  return page === 'docs/streaming.md'
    ? { LLM_BASE_URL: 'http://127.0.0.1:8787/v1', LLM_API_KEY: 'none' }
    : {};
}

const given = (text: string): ShellBlock['commands'][number] => ({ text, key: text });

async function influxdConfig(folder: string): Promise<string> {
  const file = path.join(folder, 'influxdb.conf');
  const below = (name: string): string => JSON.stringify(path.join(folder, 'influxdb', name));
  await writeFile(
    file,
    `reporting-disabled = true\nbind-address = "127.0.0.1:0"\n[meta]\ndir = ${below('meta')}\n` +
      `[data]\ndir = ${below('data')}\nwal-dir = ${below('wal')}\n[http]\nbind-address = "127.0.0.1:8086"\n`,
  );
  return file;
}

async function prometheusCommand(folder: string): Promise<string[]> {
  const file = path.join(folder, 'prometheus.yml');
  await writeFile(file, 'global: {}\n');
  return [
    'prometheus',
    `--config.file=${file}`,
    `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
    '--web.listen-address=127.0.0.1:9090',
    '--web.enable-remote-write-receiver',
  ];
}
