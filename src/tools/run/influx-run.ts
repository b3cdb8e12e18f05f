import {
  checkInfluxAfter,
  checkInfluxBefore,
  describeInfluxReport,
  describeInfluxServer,
  exitCodeWithInflux,
  type K6Values,
} from '../influx/check-influx.ts';
import { influxOutput, type OutputFlags } from '../influx/influx-output.ts';
import { parseInfluxUrl } from '../influx/influx-target.ts';

/** InfluxDB beside a run. */
export type InfluxRun = OutputFlags & {
  /** Counts the points that arrived, says so, and tells the run's exit code. */
  finish: (k6ExitCode: number, parts: readonly K6Values[]) => Promise<number>;
};

/**
 * Makes ready to send samples to an InfluxDB.
 *
 * @param testid the tag by which the run is found.
 * @param token of InfluxDB 2 and 3, where the URL holds none.
 * @returns null after saying why the server cannot be used.
 * @throws ConfigError for a URL that k6's output cannot write to.
 */
export async function prepareInflux(
  url: string,
  { testid, token, say }: { testid: string; token: string | null; say: (line: string) => void },
): Promise<InfluxRun | null> {
  const target = parseInfluxUrl(url, token);
  const flags = influxOutput(target, { testid });
  const beganAtMs = Date.now();
  const server = await checkInfluxBefore(target, testid);
  if ('problem' in server) {
    say(`k6-llm run: ${server.problem}`);
    return null;
  }
  const note = describeInfluxServer(server, target);
  if (note !== null) say(note);
  return {
    ...flags,
    finish: async (k6ExitCode, parts) => {
      if (parts.length === 0) return k6ExitCode;
      const report = await checkInfluxAfter(target, server.dialect, {
        testid,
        values: addCounts(parts),
        sinceMs: Date.now() - beganAtMs,
      });
      for (const line of describeInfluxReport(report, target)) say(line);
      return exitCodeWithInflux(k6ExitCode, report);
    },
  };
}

const COUNTS = ['count', 'passes', 'fails'];

/** How many samples several k6 processes took together; of the other values only counts can be added. */
function addCounts(parts: readonly K6Values[]): K6Values {
  const sums: Record<string, Record<string, number>> = {};
  for (const part of parts) {
    for (const [metric, values] of Object.entries(part)) {
      const sum = (sums[metric] ??= {});
      for (const name of COUNTS) {
        const value = values[name];
        if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value;
      }
    }
  }
  return sums;
}
