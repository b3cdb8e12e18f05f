import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LAYOUT_FILE } from '../results/folder/own-files.ts';
import { webDashboardLayout } from '../dashboards/web-layout.ts';

/** What a run needs for k6's own web dashboard. */
export type K6Dashboard = {
  env: Readonly<Record<string, string>>;
  /** What to tell before the run: where the page is, and what an open page means. */
  notice: string;
};

/** Where k6's dashboard listens unless told otherwise. */
export const DEFAULT_PORT = 5665;

/**
 * Writes the layout of the run's own models into `directory` and returns the environment that makes k6 serve
 * it. The page listens on loopback only (k6's own default is every interface), and a copy of it is left as
 * `dashboard.html`.
 *
 * @param directory an existing folder: the run's results.
 * @param port 0: any free one, which k6 then prints.
 */
export async function k6Dashboard({
  directory,
  models,
  port = DEFAULT_PORT,
}: {
  directory: string;
  models: readonly string[];
  port?: number;
}): Promise<K6Dashboard> {
  const layoutFile = path.resolve(directory, LAYOUT_FILE);
  await writeFile(layoutFile, `${JSON.stringify(webDashboardLayout(models), null, 2)}\n`);
  return {
    env: {
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_HOST: '127.0.0.1',
      K6_WEB_DASHBOARD_PORT: `${port}`,
      // k6 writes no report of fewer than two periods; its own period of 10 s is long for a short run.
      K6_WEB_DASHBOARD_PERIOD: '2s',
      K6_WEB_DASHBOARD_TAGS: 'model',
      K6_WEB_DASHBOARD_EXPORT: path.resolve(directory, 'dashboard.html'),
      XK6_DASHBOARD_CONFIG: layoutFile,
    },
    notice:
      `k6's dashboard: ${port === 0 ? 'the address that k6 prints as "web dashboard"' : `http://127.0.0.1:${port}`}. ` +
      'k6 waits at its end until the page is closed.',
  };
}
