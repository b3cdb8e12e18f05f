import { interruptedText } from '../interruption.ts';
import type { Summary } from '../summary.ts';

/** One result of a JUnit report. */
export type JunitCase = {
  className: string;
  name: string;
  /** What went wrong; null: it passed. */
  failure: string | null;
  /** `error`: it could not be found out. `skipped`: nobody tried. */
  as?: 'failure' | 'error' | 'skipped';
};

/** A whole JUnit report of one suite, valid against the schema that Jenkins, GitLab and GitHub actions read. */
export function renderJunit(suite: {
  name: string;
  seconds: number | null;
  timestamp: string | null;
  cases: readonly JunitCase[];
}): string {
  const count = (kind: JunitCase['as']): number =>
    suite.cases.filter(({ failure, as = 'failure' }) => failure !== null && as === kind).length;
  const counts = `tests="${suite.cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
  const time = `time="${(suite.seconds ?? 0).toFixed(3)}"`;
  const at =
    suite.timestamp === null ? '' : ` timestamp="${escapeXml(suite.timestamp.replace(/\.\d+Z$|Z$/, ''))}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="k6-llm" ${counts} ${time}>`,
    `  <testsuite name="${escapeXml(suite.name)}" ${counts} skipped="${count('skipped')}" ${time}${at}>`,
    ...suite.cases.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** A run as JUnit. */
export function summaryJunit(summary: Summary): string {
  return renderJunit({
    name: summary.scenario,
    seconds: summary.durationMs === null ? null : summary.durationMs / 1000,
    timestamp: summary.startedAt,
    cases: junitCases(summary),
  });
}

/** One case a threshold, and that it measured anything at all. */
function junitCases(summary: Summary): JunitCase[] {
  const { scenario, totals, slo } = summary;
  const answered: JunitCase = {
    className: scenario,
    name: 'at least one request succeeded',
    failure: totals.succeeded > 0 ? null : `${totals.requestsStarted} started, none succeeded`,
  };
  const thresholds = summary.thresholds.map(({ metric, expression, ok }): JunitCase => {
    const name = `${metric}: ${expression}`;
    if (ok === null) return { className: scenario, name, failure: 'not judged: no sample', as: 'skipped' };
    return { className: scenario, name, failure: ok ? null : `${metric} did not meet ${expression}` };
  });
  const extra = slo.breached
    .filter((name) => !thresholds.some((threshold) => threshold.name === name))
    .map((name) => ({ className: scenario, name, failure: `not met: ${name}` }));
  const ended: JunitCase[] =
    // An older summary.json has no such field.
    summary.stopped
      ? [{ className: scenario, name: 'the run went to its end', failure: summary.stopped }]
      : [];
  const cases = [...ended, answered, ...thresholds, ...extra];
  const interrupted = interruptedText(summary);
  if (interrupted === null) return cases;
  return [
    { className: scenario, name: 'the run went to its end', failure: interrupted, as: 'error' },
    ...cases.map(({ name }): JunitCase => {
      return { className: scenario, name, failure: `not judged: ${interrupted}`, as: 'skipped' };
    }),
  ];
}

function renderCase({ className, name, failure, as = 'failure' }: JunitCase): string {
  const open = `    <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}" time="0"`;
  if (failure === null) return `${open}/>`;
  const text = escapeXml(failure);
  if (as === 'skipped') return `${open}><skipped message="${text}"/></testcase>`;
  const type = as === 'error' ? 'interrupted' : 'threshold';
  return `${open}><${as} message="${text}" type="${type}">${text}</${as}></testcase>`;
}

/** Text for XML 1.0: entities escaped, characters that XML forbids replaced. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\ud800-\udfff]/g, '\ufffd')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}
