import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { at, listAt, readText, readYaml, type Yaml } from '../read-yaml.ts';

const FILES = ['ci.yml', 'load-test.yml', 'release.yml'];
const folder = path.join(import.meta.dirname, '../../.github/workflows');

function jobsOf(workflow: Yaml): [string, Yaml][] {
  const jobs = at(workflow, 'jobs');
  return Object.keys(jobs).map((name) => [name, at(jobs, name)]);
}

describe.each(FILES)('%s', (file) => {
  test('pins every action by a commit, with its version beside it', async () => {
    const uses = [...(await readText(`.github/workflows/${file}`)).matchAll(/^\s*(?:- )?uses: (.+)$/gm)];
    expect(uses.length).toBeGreaterThan(1);
    for (const [, action] of uses) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may only read, save where a job says what it writes', async () => {
    const workflow = await readYaml(`.github/workflows/${file}`);
    expect(new Set(Object.values(at(workflow, 'permissions')))).toEqual(new Set(['read']));
    const writers = jobsOf(workflow).filter(([, job]) =>
      JSON.stringify(job['permissions'] ?? {}).includes('write'),
    );
    expect(writers.map(([name]) => `${file}:${name}`)).toEqual(
      file === 'release.yml' ? ['release.yml:publish'] : [],
    );
  });

  test('gives every job a time limit', async () => {
    for (const [name, job] of jobsOf(await readYaml(`.github/workflows/${file}`))) {
      expect(job['timeout-minutes'], name).toBeDefined();
    }
  });

  test('puts nothing that others choose into a script', async () => {
    for (const [name, job] of jobsOf(await readYaml(`.github/workflows/${file}`))) {
      for (const step of listAt(job, 'steps')) {
        expect(String(at(step)['run'] ?? ''), name).not.toMatch(/\$\{\{/);
      }
    }
  });
});

test('actions of one name have one version', async () => {
  const pins = new Map<string, Set<string>>();
  for (const file of FILES) {
    for (const [, action = '', pin = ''] of (await readText(`.github/workflows/${file}`)).matchAll(
      /uses: ([^@\s]+)@(.+)/g,
    )) {
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
  }
  for (const [action, versions] of pins) expect(versions.size, action).toBe(1);
});

test('actionlint finds nothing', () => {
  const run = spawnSync('actionlint', ['-no-color', ...FILES.map((file) => path.join(folder, file))], {
    encoding: 'utf8',
  });
  if (run.error !== undefined) {
    process.stderr.write(
      '\nNOT CHECKED: actionlint is not on this machine. ' +
        'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12\n',
    );
    expect(process.env['GITHUB_ACTIONS'], 'actionlint must be there in GitHub Actions').not.toBe('true');
    return;
  }
  expect(run.stdout + run.stderr).toBe('');
  expect(run.status).toBe(0);
});

test('issue templates ask for what doctor says', async () => {
  for (const name of ['bug', 'idea']) {
    const form = await readYaml(`.github/ISSUE_TEMPLATE/${name}.yml`);
    const fields = listAt(form, 'body').map((field) => at(field));
    const doctor = fields.find((field) => field['id'] === 'doctor');
    expect(String(at(at(doctor), 'attributes')['label'])).toContain('npx k6-llm doctor');
  }
});

test('a release packs, takes checksums of all of it, and publishes that very tarball with its provenance', async () => {
  const workflow = await readText('.github/workflows/release.yml');
  expect(workflow.indexOf('npm pack --pack-destination release')).toBeLessThan(
    workflow.indexOf('sha256sum -- *'),
  );
  expect(workflow).toMatch(/npm publish \.\/release\/k6-llm-\*\.tgz --provenance/);
});
