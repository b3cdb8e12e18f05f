import { readdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { at, listAt, readText, readYaml, readYamls } from '../read-yaml.ts';

const dashboards = path.join(import.meta.dirname, '../../dashboards');

describe('dashboards/docker-compose.yml', () => {
  test('pins images, opens ports on loopback only, and checks the health of each service', async () => {
    const services = at(await readYaml('dashboards/docker-compose.yml'), 'services');
    expect(Object.keys(services)).toEqual(['influxdb', 'grafana']);
    for (const name of Object.keys(services)) {
      expect(at(services, name)['image'], name).toMatch(/^[\w/]+:\d+\.\d+\.\d+$/);
      const ports = listAt(services, name, 'ports').map(String);
      expect(ports.length, name).toBeGreaterThan(0);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      expect(listAt(services, name, 'healthcheck', 'test').length, name).toBeGreaterThan(1);
    }
    // k6's influxdb output speaks the protocol of 1.x alone.
    expect(at(services, 'influxdb')['image']).toMatch(/^influxdb:1\.8\./);
  });

  test('mounts files that exist, and Grafana finds board and data source where they are', async () => {
    const grafana = at(await readYaml('dashboards/docker-compose.yml'), 'services', 'grafana');
    const mounts = listAt(grafana, 'volumes').map((mount) => String(mount).split(':'));
    for (const [source = ''] of mounts.filter(([from = '']) => from.startsWith('./'))) {
      await access(path.join(dashboards, source));
    }
    const [provider] = listAt(await readYaml('dashboards/provisioning/dashboards/k6-llm.yml'), 'providers');
    const folder = String(at(provider, 'options')['path']);
    expect(mounts.map(([, to]) => to)).toContain(`${folder}/influxdb.json`);
    expect(at(grafana, 'environment')['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(
      `${folder}/influxdb.json`,
    );
    const [source] = listAt(
      await readYaml('dashboards/provisioning/datasources/influxdb.yml'),
      'datasources',
    );
    expect(at(source)).toMatchObject({ type: 'influxdb', url: 'http://influxdb:8086', isDefault: true });
    expect(at(source, 'jsonData')['dbName']).toBe('k6');
  });
});

describe.each(['testrun.yaml', 'testrun-image.yaml'])('deploy/k8s/%s', (file) => {
  test('is a TestRun that takes the key from a secret alone and never runs as root', async () => {
    const manifest = await readYaml(`deploy/k8s/${file}`);
    expect(manifest).toMatchObject({ apiVersion: 'k6.io/v1alpha1', kind: 'TestRun' });
    const runner = at(manifest, 'spec', 'runner');
    expect(listAt(runner, 'envFrom')).toEqual([{ secretRef: { name: 'k6-llm-key' } }]);
    const names = listAt(runner, 'env').map((each) => String(at(each)['name']));
    expect(names.filter((name) => /KEY|TOKEN|HEADERS/.test(name))).toEqual([]);
    expect(at(runner, 'securityContext')).toMatchObject({ runAsNonRoot: true, runAsUser: 12_345 });
    expect(runner['image']).toMatch(/:\d+\.\d+\.\d+$/);
    // -e values end in archives, and a shell would read an `arguments` text.
    const spec = at(manifest, 'spec');
    expect(listAt(spec, 'args')).not.toContain('-e');
    expect(spec['arguments']).toBeUndefined();
    expect(listAt(spec, 'args')).toContain('testid=$(TESTID)');
  });
});

describe('deploy/k8s/scenarios', () => {
  const names = readdirSync(path.join(import.meta.dirname, '../../src/scenarios'))
    .map((file) => path.basename(file, '.ts'))
    .filter((name) => name !== 'ab');

  test.each(names)(
    '%s has a manifest for blocking and one for streamed answers, else as the common one',
    async (name) => {
      const [, common] = await readYamls('deploy/k8s/testrun-streams.yaml');
      for (const [file, stream] of [
        [name, '0'],
        [`${name}-streams`, '1'],
      ] as const) {
        const manifest = await readYaml(`deploy/k8s/scenarios/${file}.yaml`);
        expect(at(manifest, 'metadata')['name']).toBe(`k6-llm-${file}`);
        expect(at(manifest, 'spec', 'script')['localFile']).toBe(`/opt/k6-llm/dist/${name}.js`);
        const env = listAt(manifest, 'spec', 'runner', 'env');
        expect(env).toContainEqual({ name: 'LLM_STREAM', value: stream });
        const keys = (value: unknown): string[] => Object.keys(at(value, 'spec', 'runner'));
        expect(keys(manifest)).toEqual(keys(common));
        expect(env.map((each) => at(each)['name'])).toEqual(
          listAt(common, 'spec', 'runner', 'env').map((each) => at(each)['name']),
        );
      }
    },
  );
});

describe('streams in a cluster', () => {
  test('pods write into folders of their own on one volume, which the job merges and judges', async () => {
    const [claim, run] = await readYamls('deploy/k8s/testrun-streams.yaml');
    const [job] = await readYamls('deploy/k8s/merge-job.yaml');
    expect(run).toMatchObject({ apiVersion: 'k6.io/v1alpha1', kind: 'TestRun' });
    const runner = at(run, 'spec', 'runner');
    const value = (name: string): unknown => listAt(runner, 'env').find((each) => at(each)['name'] === name);
    expect(value('LLM_STREAM')).toMatchObject({ value: '1' });
    expect(value('LLM_PART')).toMatchObject({ valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } });
    expect(at(runner, 'containerSecurityContext')).toMatchObject({ readOnlyRootFilesystem: true });
    const pod = at(job, 'spec', 'template', 'spec');
    const [container] = listAt(pod, 'containers');
    const name = String(at(claim, 'metadata')['name']);
    for (const owner of [runner, pod]) {
      expect(listAt(owner, 'volumes')).toEqual([
        { name: 'results', persistentVolumeClaim: { claimName: name } },
      ]);
    }
    expect(at(container)['image']).toBe(runner['image']);
    // The operator names a pod after its run; the job takes just these folders.
    const [script] = listAt(container, 'args');
    expect(script).toContain('"$RUN"/k6-llm-* ');
    expect(script).toContain('--judge');
    expect(at(run, 'metadata')['name']).toMatch(/^k6-llm-/);
    const [place] = listAt(container, 'env');
    expect(place).toMatchObject({ value: at(value('LLM_RESULTS_DIR'))['value'] });
  });

  test("the image's k6 is the wrapper, the real one is where K6_BIN says", async () => {
    const image = await readText('deploy/Dockerfile');
    expect(image).toContain('COPY deploy/k6 /usr/bin/k6');
    expect(image).toMatch(/mv \/usr\/bin\/k6 \/usr\/lib\/k6\/k6[\s\S]*K6_BIN=\/usr\/lib\/k6\/k6/);
    expect(await readText('deploy/k6')).toMatch(
      /^#!\/bin\/sh\n[\s\S]*exec node \S+\/cli\.mjs k6 -- "\$@"\n$/,
    );
    expect((await readText('.dockerignore')).split('\n')).toContain('!deploy/k6');
  });
});

test('deploy/Dockerfile pins its bases and ends as a user that is not root', async () => {
  const text = await readText('deploy/Dockerfile');
  const version = /^ARG K6_VERSION=(.+)$/m.exec(text)?.[1] ?? '';
  const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base = '']) =>
    base.replace('${K6_VERSION}', version),
  );
  expect(bases.length).toBe(2);
  for (const base of bases) expect(base).toMatch(/:\d+\.\d+\.\d+(-\w+[\d.]*)?$/);
  expect([...text.matchAll(/^USER (\S+)/gm)].map(([, user]) => user).at(-1)).toBe('12345');
  const sent = await readText('.dockerignore');
  for (const file of [
    'LICENSE',
    'package.json',
    'package-lock.json',
    'build.mjs',
    'src',
    'data',
    'thresholds',
  ]) {
    expect(sent.split('\n')).toContain(`!${file}`);
  }
});
