import { formatPercent, formatRate } from '../../lib/text/format.ts';
import { headlineUsd } from '../../lib/text/headline-usd.ts';
import { askedAt } from './asked-load.ts';
import type { RunProgress } from './run-progress.ts';

/** What one line says of a run, when `elapsedMs` of its load are over. */
export type StatusFacts = {
  elapsedMs: number;
  plannedMs: number | null;
  requestsPerSec: number;
  askedPerSec: number | null;
  users: number;
  latencyP95Ms: number | null;
  ttftP95Ms: number | null;
  errorRatio: number | null;
  costUsd: number | null;
};

/** null until the load begins. */
export function statusFacts(progress: RunProgress): StatusFacts | null {
  const elapsedMs = progress.elapsedMs();
  const { header, figures, requests } = progress;
  if (elapsedMs === null || header === null) return null;
  return {
    elapsedMs,
    plannedMs: progress.plannedMs(),
    ...progress.recent.read(elapsedMs),
    askedPerSec: askedAt(header.stages, elapsedMs).ratePerSec,
    users: progress.users(),
    errorRatio: requests === 0 ? null : figures.total('ai_errors') / requests,
    costUsd: progress.spentUsd,
  };
}

/**
 * `2:05, 5:55 left  18.3/s of 20.0  p95 4.1 s, TTFT 410 ms  0.3 % failed  $0.13`: the rate of the last five
 * seconds, times of the last ten, errors and dollars of all. What does not fit into the columns is left out, the last first.
 */
export function statusText(facts: StatusFacts, columns: number): string {
  const { errorRatio, costUsd, latencyP95Ms, ttftP95Ms } = facts;
  const p95 = [
    latencyP95Ms === null ? '' : `p95 ${shortTime(latencyP95Ms)}`,
    ttftP95Ms === null ? '' : `TTFT ${shortTime(ttftP95Ms)}`,
  ];
  const parts = [
    timeText(facts),
    rateText(facts),
    p95.filter((part) => part !== '').join(', '),
    errorRatio === null ? '' : `${formatPercent(errorRatio)} failed`,
    costUsd === null ? '' : headlineUsd(costUsd),
  ];
  let line = '';
  for (const part of parts.filter((text) => text !== '')) {
    const longer = line === '' ? part : `${line}  ${part}`;
    if (longer.length > columns) break;
    line = longer;
  }
  return line;
}

function timeText({ elapsedMs, plannedMs }: StatusFacts): string {
  if (plannedMs === null) return clockText(elapsedMs);
  const leftMs = plannedMs - elapsedMs;
  return leftMs > 0
    ? `${clockText(elapsedMs)}, ${clockText(leftMs)} left`
    : `${clockText(elapsedMs)}, last answers`;
}

function rateText({ requestsPerSec, askedPerSec, users }: StatusFacts): string {
  const rate = `${formatRate(requestsPerSec)}/s`;
  if (askedPerSec !== null) return `${rate} of ${formatRate(askedPerSec)}`;
  return users === 0 ? rate : `${rate} by ${users} ${users === 1 ? 'user' : 'users'}`;
}

/** `0:42`, `1:05:00`. */
export function clockText(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `410 ms`, `4.1 s`. */
function shortTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
