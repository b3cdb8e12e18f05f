import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../lib/settings/settings.ts';
import type { RunData } from '../results/read/run-data.ts';
import { sayBesideProgress } from '../run/say-beside-progress.ts';
import type { LiveRun } from './live-parts.ts';
import { RunProgress } from './run-progress.ts';
import { canRewrite, openStatusLine, type StatusLine } from './status-line.ts';
import { statusFacts, statusText } from './status-text.ts';

/** What people see of a run while it goes on. */
export type RunWatch = {
  /** Takes the sample lines of one k6; null: nobody looks. */
  follow: (() => (line: string) => void) | null;
  say: (line: string) => void;
  /** Hands on what k6 says beside the status line; null: there is none, k6 has the terminal. */
  pass: StatusLine['pass'] | null;
  /** k6 has ended: its last lines are read, and the terminal is free again. */
  clear: () => void;
  /** @param run as its results say; null when it left none. */
  end: (run: RunData | null, resultsDir: string) => Promise<void>;
};

const PERIOD_MS = 1000;
/** Of one core, that a page may cost at most in the long run. */
const MOST_CPU_RATIO = 0.04;

/**
 * Watches a run: one status line on a terminal, unless k6's own bars are wanted or none at all, and with `--live` a
 * page in the browser.
 */
export async function watchRun(
  {
    settings,
    name,
    live,
    bars,
    k6Args,
  }: { settings: Settings; name: string; live: boolean; bars: boolean; k6Args: readonly string[] },
  stream: NodeJS.WriteStream = process.stderr,
): Promise<RunWatch> {
  const isQuiet = k6Args.some((argument) => argument === '--quiet' || argument === '-q');
  const showsStatus = !bars && !isQuiet && canRewrite(stream);
  const progress = live || showsStatus ? new RunProgress({ budgetUsd: settings.budgetUsd }) : null;
  const status =
    progress === null || !showsStatus ? null : openStatusLine(stream, (columns) => lineOf(progress, columns));
  const say = status?.say ?? sayBesideProgress;
  const page = progress === null || !live ? null : await openPage(progress, { settings, name, say });
  return {
    follow: progress === null ? null : () => progress.follow(),
    say,
    pass: status?.pass ?? null,
    clear: () => {
      progress?.end();
      status?.close();
    },
    end: async (run, resultsDir) => {
      status?.close();
      await page?.end(run, resultsDir);
    },
  };
}

function lineOf(progress: RunProgress, columns: number): string | null {
  const facts = statusFacts(progress);
  return facts === null ? null : statusText(facts, columns);
}

async function openPage(
  progress: RunProgress,
  { settings, name, say }: { settings: Settings; name: string; say: (line: string) => void },
): Promise<{ end: RunWatch['end'] }> {
  const known: LiveRun = {
    scenario: name,
    target: settings.endpoints.displayUrl,
    provider: settings.provider.name,
  };
  // The plotting library is loaded only here.
  const [{ livePage }, { livePartsOf, runOfNow }, { LivePlots }, { startLiveServer }] = await Promise.all([
    import('./live-page.ts'),
    import('./live-parts.ts'),
    import('./live-plots.ts'),
    import('./live-server.ts'),
  ]);
  let last: RunData | null = null;
  const plots = { wide: new LivePlots('wide'), narrow: new LivePlots('narrow') };
  const server = await startLiveServer({
    page: (nonce) => livePage(known, nonce),
    parts: (size) => {
      const run = last ?? runOfNow(progress, known);
      return new Map([...livePartsOf(progress, run), ...plots[size].draw(run, progress.events.list)]);
    },
    stop: () => {
      progress.events.say(progress.elapsedMs() ?? 0, 'somebody pressed "Stop the run"');
      // As Ctrl-C would: whoever has started a k6 hands it on.
      return process.emit('SIGINT');
    },
  });
  say(`live: ${server.url}`);
  const timer = pushInTurns(server.push);
  return {
    end: async (run, resultsDir) => {
      timer.stop();
      last = run;
      if (run !== null) server.push();
      await server.end(run === null ? null : await reportIn(resultsDir));
    },
  };
}

/** Once a second, or less often where that costs too much. */
function pushInTurns(push: () => void): { stop: () => void } {
  let timer: NodeJS.Timeout;
  const wait = (ms: number): void => {
    timer = setTimeout(turn, ms);
    timer.unref();
  };
  const turn = (): void => {
    const before = process.cpuUsage();
    push();
    const { user, system } = process.cpuUsage(before);
    wait(Math.max(PERIOD_MS, (user + system) / 1000 / MOST_CPU_RATIO));
  };
  wait(PERIOD_MS);
  return { stop: () => clearTimeout(timer) };
}

async function reportIn(resultsDir: string): Promise<string | null> {
  return readFile(path.join(resultsDir, 'report.html'), 'utf8').catch(() => null);
}
