import type { AnswerPage } from '../answers/answer-page.ts';
import type { QuestionAnswer } from '../answers/question-answer.ts';
import { type Column, renderTable } from '../../lib/text/table.ts';
import type { MachineFigures, StreamError } from './calibration.ts';

export type CalibrationAnswer = QuestionAnswer & { calibration: MachineFigures };

const QUESTION = 'Is the client lying?';

export function calibrationAnswer(calibration: MachineFigures, isPartial: boolean): CalibrationAnswer {
  return {
    question: QUESTION,
    sentence: sentenceOf(calibration, isPartial),
    partial: isPartial,
    calibration,
  };
}

function sentenceOf({ requestsPerSec, streams }: MachineFigures, isPartial: boolean): string {
  const last = streams.toSorted((a, b) => a.open - b.open).at(-1);
  const parts = [
    ...(requestsPerSec === null
      ? []
      : [`this machine takes ${Math.round(requestsPerSec)} answers/s from a mock beside it`]),
    ...(last === undefined
      ? []
      : [
          `with ${last.open} open streams its TTFT is ${signedMs(last.ttftErrorMs)} from the truth, its TPOT ${signedMs(last.tpotErrorMs)}`,
        ]),
  ];
  const known = parts.length === 0 ? 'nothing is known yet' : parts.join('; ');
  const text = isPartial ? `Interrupted: so far, ${known}` : known;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const COLUMNS: readonly Column[] = [
  { title: 'streams', width: 9, align: 'right' },
  { title: 'open at once', width: 12, align: 'right' },
  { title: 'TTFT off by', width: 12, align: 'right' },
  { title: 'its p99', width: 12, align: 'right' },
  { title: 'TPOT off by', width: 12, align: 'right' },
];

function rowOf(error: StreamError): string[] {
  return [
    String(error.count),
    String(error.open),
    signedMs(error.ttftErrorMs),
    signedMs(error.ttftErrorP99Ms),
    signedMs(error.tpotErrorMs),
  ];
}

/** The table under the sentence. */
export function renderCalibration({ streams }: MachineFigures): string {
  return renderTable(COLUMNS, streams.map(rowOf)).join('\n');
}

/** `+3.1 ms`, `-0.04 ms`. */
export function signedMs(ms: number): string {
  const size = Math.abs(ms);
  return `${ms < 0 ? '-' : '+'}${size >= 10 ? size.toFixed(0) : size >= 1 ? size.toFixed(1) : size.toFixed(2)} ms`;
}

export function calibrationPage({ calibration: { requestsPerSec, streams } }: CalibrationAnswer): AnswerPage {
  const points = (read: (error: StreamError) => number): [number, number][] =>
    streams.map((error) => [error.open, Math.max(0, read(error))]);
  return {
    command: 'doctor --calibrate',
    tone: 'plain',
    short:
      streams.length === 0 ? 'Nothing measured' : `${Math.max(...streams.map(({ open }) => open))} streams`,
    facts: requestsPerSec === null ? [] : [`${Math.round(requestsPerSec)} answers/s in one piece`],
    plots:
      streams.length < 2
        ? []
        : [
            {
              id: 'calibration',
              title: 'What this machine adds',
              caption:
                'How much later than it was written a first token is seen, in ms, by how many streams are open.',
              lines: [
                {
                  name: 'TTFT, mean',
                  colour: 1,
                  dash: 'solid',
                  points: points(({ ttftErrorMs }) => ttftErrorMs),
                },
                {
                  name: 'TTFT, p99',
                  colour: 2,
                  dash: 'solid',
                  points: points(({ ttftErrorP99Ms }) => ttftErrorP99Ms),
                },
              ],
              x: { kind: 'log', unit: '' },
              y: { unit: 'ms', isShare: false },
              stacked: false,
              planned: [],
              limits: [],
              marks: [],
              readings: null,
              table: {
                columns: ['streams', 'TTFT', 'its p99'],
                rows: streams.map((error) => [
                  String(error.count),
                  signedMs(error.ttftErrorMs),
                  signedMs(error.ttftErrorP99Ms),
                ]),
              },
            },
          ],
    tables: [
      {
        caption: 'Measured less true',
        columns: COLUMNS.map(({ title }) => ({ title })),
        rows: streams.map(rowOf),
      },
    ],
    notes: [
      'The mock ran on this machine, too: against a server elsewhere, k6 and the meter have its share of the CPU.',
      'All streams begin at once and stay in step, which is the worst case.',
    ],
  };
}
