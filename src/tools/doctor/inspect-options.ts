import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isOfLoadStart } from '../../lib/plan/load-starts.ts';

const run = promisify(execFile);

/** Of what k6 says when it refuses a bundle. */
const MAX_LINES = 5;

/** What k6 makes of a bundle's options. */
export async function inspectOptions(
  k6: string,
  { file, env }: { file: string; env: NodeJS.ProcessEnv },
): Promise<{ ok: boolean; lines: string[] }> {
  try {
    const { stdout } = await run(k6, ['inspect', '--include-system-env-vars', '--log-format', 'raw', file], {
      env: { ...env, K6_NO_USAGE_REPORT: 'true' },
      timeout: 30_000,
    });
    const options: unknown = JSON.parse(stdout);
    return { ok: true, lines: describe(options) };
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    const said = stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
    return { ok: false, lines: ['k6 cannot read the bundle:', ...said.slice(0, MAX_LINES)] };
  }
}

function describe(options: unknown): string[] {
  const { scenarios, thresholds } = asRecord(options);
  const loads = Object.entries(asRecord(scenarios)).map(([name, scenario]) => {
    const { executor, stages, vus, iterations, preAllocatedVUs, timeUnit } = asRecord(scenario);
    const parts = [
      executor,
      usersOf(vus ?? preAllocatedVUs, stages),
      iterations === undefined ? '' : `${String(iterations)} iterations`,
    ];
    const ramp = Array.isArray(stages)
      ? stages.map(
          (stage) => `${String(asRecord(stage)['target'])} in ${String(asRecord(stage)['duration'])}`,
        )
      : [];
    const unit = timeUnit === undefined ? '' : ` per ${String(timeUnit)}`;
    return `load ${name}: ${parts.filter((part) => part !== '').join(', ')}${ramp.length > 0 ? `; ${ramp.join(', ')}${unit}` : ''}`;
  });
  const shown = Object.entries(asRecord(thresholds)).filter(([metric]) => !isOfLoadStart(metric));
  const judged = shown.flatMap(([metric, expressions]) =>
    (Array.isArray(expressions) ? expressions : []).map(
      (expression: unknown) => `threshold ${metric}: ${thresholdText(expression)}`,
    ),
  );
  return [...loads, ...judged];
}

/** A load of ramping VUs says in its stages how many there are. */
function usersOf(vus: unknown, stages: unknown): string {
  if (vus === undefined || vus === null) return Array.isArray(stages) ? '' : '1 VU';
  return vus === 1 ? '1 VU' : `${String(vus)} VUs`;
}

function thresholdText(expression: unknown): string {
  return typeof expression === 'string' ? expression : String(asRecord(expression)['threshold']);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
