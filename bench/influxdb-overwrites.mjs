// How many points InfluxDB drops because two samples met in one nanosecond (docs/grafana.md):
//
//   node bench/influxdb-overwrites.mjs http://127.0.0.1:8086 [k6]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [address = 'http://127.0.0.1:8086', k6 = process.env.K6_BIN ?? 'k6'] = process.argv.slice(2);
const SAMPLES = 100_000;
const SCRIPT = `
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
const counter = new Counter('overwrites');
export const options = { vus: Number(__ENV.VUS), iterations: ${SAMPLES / 5} };
export default function () {
  for (let i = 0; i < 5; i++) counter.add(1, { model: 'm' });
  if (__ENV.PAUSED === '1') sleep(0.005);
}
export function handleSummary({ metrics }) {
  return { stdout: String(metrics.overwrites.values.rate) };
}
`;

async function query(statement) {
  const response = await fetch(`${address}/query?${new URLSearchParams({ db: 'overwrites', q: statement })}`);
  return (await response.json()).results[0];
}

const folder = mkdtempSync(path.join(tmpdir(), 'overwrites-'));
const script = path.join(folder, 'script.js');
writeFileSync(script, SCRIPT);
console.log('VUs  samples/s  missing of 100,000');
for (const [vus, paused] of [
  [1, false],
  [3, true],
  [20, true],
  [3, false],
  [20, false],
]) {
  const testid = `${Date.now()}`;
  const output = execFileSync(
    k6,
    ['run', '--quiet', '--out', `influxdb=${address}/overwrites`, '--tag', `testid=${testid}`, script],
    {
      env: { ...process.env, K6_NO_USAGE_REPORT: 'true', VUS: `${vus}`, PAUSED: paused ? '1' : '0' },
      encoding: 'utf8',
    },
  );
  const { series } = await query(`SELECT count("value") FROM "overwrites" WHERE "testid" = '${testid}'`);
  const rate = Math.round(Number(output.trim().split(/\s+/).at(-1)));
  console.log(`${String(vus).padStart(3)}  ${String(rate).padStart(9)}  ${SAMPLES - series[0].values[0][1]}`);
}
rmSync(folder, { recursive: true });
