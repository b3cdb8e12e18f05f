// npm run manifests: writes deploy/k8s/scenarios/, a TestRun for each scenario, blocking and streamed, from
// deploy/k8s/testrun-streams.yaml, which says everything that they have in common.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'deploy/k8s/scenarios');

/** One pod: smoke has one user, suite is its seven parts in turn, and a breakpoint in parts would stop part by part. */
const UNDIVIDED = ['smoke', 'suite', 'breakpoint'];

/** Compares providers of a file, with a meter for each: `k6-llm ab` runs it. */
const NOT_IN_A_CLUSTER = ['ab'];

const common = await readFile(path.join(root, 'deploy/k8s/testrun-streams.yaml'), 'utf8');
const testRun = common.slice(common.indexOf('apiVersion: k6.io/'));
const scenarios = (await readdir(path.join(root, 'src/scenarios'))).map((file) => path.basename(file, '.ts'));

await mkdir(folder, { recursive: true });
for (const scenario of scenarios.filter((name) => !NOT_IN_A_CLUSTER.includes(name)).sort()) {
  for (const isStreamed of [false, true]) {
    const name = isStreamed ? `${scenario}-streams` : scenario;
    const text = testRun
      .replaceAll('baseline', name)
      .replace(`dist/${name}.js`, `dist/${scenario}.js`)
      .replace('parallelism: 2', `parallelism: ${UNDIVIDED.includes(scenario) ? 1 : 2}`)
      .replace(/(LLM_STREAM\n\s+value: )'1'/, `$1'${isStreamed ? 1 : 0}'`);
    const words = isStreamed ? 'with streams measured token by token' : 'with blocking answers';
    const head = `# Made by npm run manifests from ../testrun-streams.yaml, whose volume it needs: ${scenario} ${words}.\n`;
    await writeFile(path.join(folder, `${name}.yaml`), head + text);
    console.log(`deploy/k8s/scenarios/${name}.yaml`);
  }
}
