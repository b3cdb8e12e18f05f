import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTests } from '../support/temporary-folder.ts';
import { describeDemo } from './demo.ts';

const run = promisify(execFile);
const MAX_TARBALL_BYTES = 3_000_000;

const folder = folderOfTests('package');
let tarball: string;
let env: NodeJS.ProcessEnv;

/** Runs in the folder that the package was installed into, as whoever installed it would. */
async function inFolder(
  command: string,
  args: readonly string[],
  own: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, [...args], { cwd: folder, env: { ...env, ...own } });
    return stdout + stderr;
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`, {
      cause: error,
    });
  }
}

/** The link that an install makes, without npx, which takes ten times as long as what it starts. */
const linked = (): string => path.join(folder, 'node_modules/.bin/k6-llm');
const cli = (args: readonly string[], own: NodeJS.ProcessEnv = {}): Promise<string> =>
  inFolder(linked(), args, own);

beforeAll(async () => {
  const k6 = await findK6(() => {});
  const clean = Object.entries(process.env).filter(([name]) => !/^(LLM_|npm_)/.test(name));
  env = { ...Object.fromEntries(clean), K6_BIN: k6.path, K6_NO_USAGE_REPORT: 'true' };
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: PROJECT_ROOT,
    env,
  });
  // The build may say something before it.
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];
  tarball = path.join(folder, filename);
  await writeFile(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
  await inFolder('npm', ['install', '-D', tarball, '--prefer-offline', '--no-audit', '--no-fund']);
});

test('the tarball is under 3 MB and holds nothing but what it needs', async () => {
  expect((await stat(tarball)).size).toBeLessThan(MAX_TARBALL_BYTES);
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const files = stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
  expect(files).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'bin/k6-llm.mjs',
      'data/prices.json',
      'dist/THIRD-PARTY.md',
      'dist/cli.mjs',
      'dist/lib/k6.js',
      'dist/lib/prices.mjs',
      'dist/lib/summary.mjs',
      'dist/smoke.js',
      'dist/types/api/scenario-api.d.ts',
      'docs/summary.schema.json',
      'scripts/k6-requirements.txt',
      'thresholds/schema.json',
    ]),
  );
  expect(
    files.filter((file) => /(^|\/)(src|test|bench|interop|node_modules)\/|\.test\.|\.map$/.test(file)),
  ).toEqual([]);
});

test('every bundled package stands in THIRD-PARTY.md with its licence', async () => {
  const page = await readFile(path.join(folder, 'node_modules/k6-llm/dist/THIRD-PARTY.md'), 'utf8');
  for (const name of ['echarts', 'zrender', 'hdr-histogram-js', 'pako']) {
    expect(page).toMatch(new RegExp(`^## ${name} \\d`, 'm'));
  }
  expect(page).toContain('Permission is hereby granted');
  expect(page).toContain('Redistribution and use in source and binary forms');
});

test('what is imported by the package’s names is there, in Node', async () => {
  await writeFile(
    path.join(folder, 'use.mjs'),
    `import { pricingFor } from 'k6-llm/prices';
     import { isSummary } from 'k6-llm/summary';
     const { price } = pricingFor({ provider: 'openai', host: null, pricesFile: null }).priceOf('gpt-4.1');
     console.log(JSON.stringify([price.input, price.output, isSummary({})]));`,
  );
  expect(JSON.parse(await inFolder(process.execPath, ['use.mjs']))).toEqual([2, 8, false]);
});

test('npx starts it', async () => {
  expect(await inFolder('npx', ['--no-install', 'k6-llm', '--version'])).toBe(await cli(['--version']));
});

describeDemo(folder, async () => (await run(linked(), ['demo'], { cwd: folder, env })).stdout);

test('a scenario of ours runs', async () => {
  const mock = await openMock();
  const results = path.join(folder, 'results/smoke');
  const settings = { LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1', LLM_RESULTS_DIR: results };
  await cli(['run', 'smoke'], settings);
  await writeFile(
    path.join(folder, 'read.mjs'),
    `import { readSummary } from 'k6-llm/summary';
     const { totals } = await readSummary('results/smoke/summary.json');
     console.log(totals.succeeded);`,
  );
  expect(await inFolder(process.execPath, ['read.mjs'])).toBe('5\n');
});

describe.each(['ts', 'js'])('a scenario of one’s own in .%s', (language) => {
  const name = `own-${language}`;
  const file = `${name}.${language}`;

  test('is written, and type-checked where it has types', async () => {
    const said = await cli(['new', name, ...(language === 'js' ? ['--js'] : [])]);
    expect(said).toContain(`wrote ${file}`);
    const text = await readFile(path.join(folder, file), 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    if (language === 'js') return;
    const tsc = path.join(PROJECT_ROOT, 'node_modules/typescript/bin/tsc');
    await inFolder(process.execPath, [tsc, '-p', '.']);
    await mkdir(path.join(folder, 'wrong'));
    const wrong = text.replace('prompt: question', 'promt: question');
    await writeFile(path.join(folder, 'wrong', file), wrong);
    const flags = [
      '--noEmit',
      '--moduleResolution',
      'bundler',
      '--module',
      'esnext',
      '--target',
      'es2022',
      '--skipLibCheck',
    ];
    await expect(
      inFolder(process.execPath, [tsc, ...flags, '--ignoreConfig', `wrong/${file}`]),
    ).rejects.toThrow(/promt/);
  });

  test('runs, and its bundle runs by itself', async () => {
    const mock = await openMock();
    const settings = {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1',
      LLM_TIME_SCALE: '0.1',
      LLM_RESULTS_DIR: `results/${name}`,
    };
    const said = await cli(['run', `./${file}`], settings);
    expect(said).toMatch(new RegExp(`dist/${name}\\.js: [\\d.]+ kB; each VU evaluates`));
    const before = mock.truth().totals.requests;
    expect(before).toBeGreaterThan(0);
    await mkdir(path.join(folder, 'results/alone'), { recursive: true });
    await inFolder(env['K6_BIN'] ?? 'k6', ['run', '--quiet', `dist/${name}.js`], {
      ...settings,
      LLM_RESULTS_DIR: 'results/alone',
    });
    expect(mock.truth().totals.requests).toBeGreaterThan(before);
    const summary = JSON.parse(await readFile(path.join(folder, 'results/alone/summary.json'), 'utf8')) as {
      scenario: string;
    };
    expect(summary.scenario).toBe(name);
  });
});

test('what cannot be built is told with its place', async () => {
  await writeFile(
    path.join(folder, 'broken.ts'),
    "import { readFile } from 'node:fs';\nexport default () => readFile;\n",
  );
  await expect(cli(['build', 'broken.ts'])).rejects.toThrow(/ended with 2[^]*broken\.ts:1:\d+[^]*node:fs/);
  await writeFile(
    path.join(folder, 'exports.js'),
    "import { defineScenario, users } from 'k6-llm/k6';\nexport default defineScenario({ name: 'x', load: users(1, '1s') });\n",
  );
  await expect(cli(['build', 'exports.js'])).rejects.toThrow(
    /does not export options, setup, handleSummary, scrape; write/,
  );
});
