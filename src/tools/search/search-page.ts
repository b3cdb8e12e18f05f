import { formatMs, formatRate } from '../../lib/text/format.ts';
import type { AnswerPage } from '../answers/answer-page.ts';
import type { PlotLine, PlotMark, PlotSpec, PlotTable } from '../report/html/plot-spec.ts';
import { shortLoad } from './load-text.ts';
import { clientNotes, pointText, stepFigures, VERDICT_WORDS } from './render-search.ts';
import type { SearchAnswer, SearchPoint } from './search-answer.ts';
import type { ServiceTerm } from './service-level.ts';

/** The page of a search: the curve with its knee, and each load that was tried. */
export function searchPage(
  answer: SearchAnswer,
  {
    facts,
    notes,
    terms,
  }: { facts: readonly string[]; notes: readonly string[]; terms: readonly ServiceTerm[] },
): AnswerPage {
  const { capacity, steps } = answer;
  return {
    command: 'search',
    tone: capacity === null ? 'doubtful' : 'good',
    short: capacity === null ? 'No number' : shortText(capacity),
    facts,
    plots:
      steps.length < 2 ? [] : [latencyCurve(answer, terms), throughputCurve(answer), ...paceCurve(answer)],
    tables: [
      {
        caption: 'Each load that was tried',
        columns: [
          { title: 'load' },
          { title: 'verdict', isText: true },
          ...[
            'p95 latency, ms',
            'p95 TTFT, ms',
            'failed',
            'good/s',
            'tokens/s',
            'tokens/s a user',
            '$/hour',
          ].map((title) => ({ title })),
          { title: 'why', isText: true },
        ],
        rows: steps.map((step) => [
          shortLoad(step.load, step.unit),
          `${VERDICT_WORDS[step.verdict]}${step.tries > 1 ? `, ${step.tries} tries` : ''}`,
          ...stepFigures(step),
          step.verdict === 'held' ? '' : step.reasons.join('; '),
        ]),
      },
    ],
    findings: answer.limits === null ? [] : [answer.limits],
    notes: [pointText(answer), answer.reason, ...clientNotes(answer), ...notes].filter(
      (note) => note !== null,
    ),
  };
}

function shortText({ value, unit }: NonNullable<SearchAnswer['capacity']>): string {
  return unit === 'users' ? `${value} users` : shortLoad(value, unit);
}

type Read = (point: SearchPoint) => number | null;

function lineOf(
  points: readonly SearchPoint[],
  {
    name,
    colour,
    dash = 'solid',
    read,
  }: { name: string; colour: number; dash?: PlotLine['dash']; read: Read },
): PlotLine {
  return { name, colour, dash, points: points.map((point) => [point.load, read(point)]) };
}

function withValues(lines: readonly PlotLine[]): PlotLine[] {
  return lines.filter(({ points }) => points.some(([, y]) => y !== null));
}

/** Loads that the client did not make are no points of the server's curve. */
function driven({ steps }: SearchAnswer): SearchAnswer['steps'] {
  return steps.filter(({ verdict }) => verdict !== 'not-driven');
}

function base(
  answer: SearchAnswer,
): Pick<PlotSpec, 'x' | 'stacked' | 'planned' | 'marks' | 'readings' | 'limits'> {
  const unit = answer.steps[0]?.unit === 'users' ? '' : '/s';
  return {
    x: { kind: 'value', unit },
    stacked: false,
    planned: [],
    marks: knee(answer),
    readings: null,
    limits: [],
  };
}

function knee({ capacity }: SearchAnswer): PlotMark[] {
  return capacity === null ? [] : [{ x: capacity.value, label: `knee: ${shortText(capacity)}` }];
}

function tableOf(
  points: readonly SearchPoint[],
  columns: readonly [string, (point: SearchPoint) => string][],
): PlotTable {
  return {
    columns: ['load', ...columns.map(([title]) => title)],
    rows: points.map((point) => [
      shortLoad(point.load, point.unit),
      ...columns.map(([, read]) => read(point)),
    ]),
  };
}

function latencyCurve(answer: SearchAnswer, terms: readonly ServiceTerm[]): PlotSpec {
  const points = driven(answer);
  const limits = terms.flatMap(({ text, limit, measure: { unit } }) =>
    unit === 'ms' ? [{ value: limit, label: text }] : [],
  );
  return {
    ...base(answer),
    id: 'search-latency',
    title: 'Latency by load',
    caption:
      'What answers took at each load that was tried, in ms; the knee is the highest that kept the service level.',
    lines: withValues([
      lineOf(points, { name: 'latency p50', colour: 1, read: (point) => point.latencyP50Ms }),
      lineOf(points, { name: 'latency p95', colour: 2, read: (point) => point.latencyP95Ms }),
      lineOf(points, { name: 'TTFT p95', colour: 5, read: (point) => point.ttftP95Ms }),
    ]),
    y: { unit: 'ms', isShare: false },
    limits,
    table: tableOf(points, [
      ['latency p50', (point) => formatMs(point.latencyP50Ms)],
      ['latency p95', (point) => formatMs(point.latencyP95Ms)],
      ['TTFT p95', (point) => formatMs(point.ttftP95Ms)],
    ]),
  };
}

function throughputCurve(answer: SearchAnswer): PlotSpec {
  const points = driven(answer);
  return {
    ...base(answer),
    id: 'search-goodput',
    title: 'Good answers by load',
    caption: 'Requests a second that met every limit of LLM_SLO at each load.',
    lines: withValues([lineOf(points, { name: 'good/s', colour: 3, read: (point) => point.goodPerSec })]),
    y: { unit: '/s', isShare: false },
    table: tableOf(points, [['good/s', (point) => formatRate(point.goodPerSec)]]),
  };
}

/** What one user gets against what all get: each further user takes a little from the others. */
function paceCurve(answer: SearchAnswer): PlotSpec[] {
  const points = driven(answer).filter(
    ({ tokensPerSecAUser, outputTokensPerSec }) => tokensPerSecAUser !== null && outputTokensPerSec !== null,
  );
  if (answer.steps[0]?.unit !== 'users' || points.length < 2) return [];
  return [
    {
      ...base(answer),
      id: 'search-pace',
      title: 'Tokens/s in all against tokens/s a user',
      caption: 'One point a load; to the right, a user reads faster, and up, the server writes more in all.',
      x: { kind: 'value', unit: '/s' },
      marks: [],
      lines: [
        {
          name: 'tokens/s in all',
          colour: 4,
          dash: 'solid',
          points: points
            .map(({ tokensPerSecAUser, outputTokensPerSec }): [number, number | null] => [
              tokensPerSecAUser ?? 0,
              outputTokensPerSec,
            ])
            .toSorted(([a], [b]) => a - b),
        },
      ],
      y: { unit: 'tokens/s', isShare: false },
      table: tableOf(
        points.toSorted((a, b) => (a.tokensPerSecAUser ?? 0) - (b.tokensPerSecAUser ?? 0)),
        [
          ['tokens/s a user', (point) => formatRate(point.tokensPerSecAUser)],
          ['tokens/s in all', (point) => formatRate(point.outputTokensPerSec)],
        ],
      ),
    },
  ];
}
