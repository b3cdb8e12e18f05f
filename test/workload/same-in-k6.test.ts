import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { runK6 } from '../influxdb/k6-run.ts';
import { folderOfTests } from '../support/temporary-folder.ts';
import { workloadDigest } from './digest.ts';

const directory = folderOfTests('workload');

describe('in a real k6', () => {
  test('the seed decides the same schedule, models and prompts as in Node, to the bit', async () => {
    const script = join(directory, 'digest.js');
    await build({
      entryPoints: [join(import.meta.dirname, 'digest-script.ts')],
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
    });
    const { code, output } = await runK6(['--log-format', 'raw', script], { env: {}, cwd: directory });
    expect(code).toBe(0);
    const digest: unknown = JSON.parse(/DIGEST (.*) END/.exec(output)?.[1] ?? 'null');
    expect(digest).toEqual(workloadDigest());
  });
});
