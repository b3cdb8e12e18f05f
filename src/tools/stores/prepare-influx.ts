import {
  checkInfluxAfter,
  checkInfluxBefore,
  describeInfluxReport,
  describeInfluxServer,
  exitCodeWithInflux,
} from '../influx/check-influx.ts';
import { influxOutput } from '../influx/influx-output.ts';
import { parseInfluxUrl } from '../influx/influx-target.ts';
import { addCounts, type Store, type StoreContext } from './store.ts';

/**
 * Makes ready to send samples to an InfluxDB.
 *
 * @param token of InfluxDB 2 and 3, where the URL holds none.
 * @returns null after saying why the server cannot be used.
 * @throws ConfigError for a URL that k6's output cannot write to.
 */
export async function prepareInflux(
  url: string,
  { testid, token, say }: StoreContext & { token: string | null },
): Promise<Store | null> {
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
