import { formatMs, NOT_AVAILABLE } from '../../lib/text/format.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import type { EventNote } from './event-note.ts';
import type { Explanation } from './explain.ts';
import { plainText } from '../../lib/text/plain-text.ts';

const MAX_EVENTS = 200;

const COLUMNS: readonly Column[] = [
  { title: '#', width: 4, align: 'right' },
  { title: 'ms', width: 7, align: 'right' },
  { title: 'counts as', width: 18, align: 'left' },
  { title: 'what it brought', width: 43, align: 'left' },
];

/** An explanation for a terminal: event by event, then what would be recorded. At most 80 columns. */
export function renderExplanation(explanation: Explanation): string {
  const { events } = explanation;
  const shown = events.slice(0, MAX_EVENTS).map(eventRow(explanation));
  const more =
    events.length > MAX_EVENTS ? [`… and ${events.length - MAX_EVENTS} more events (--json has all)`] : [];
  const table = events.length === 0 ? ['no events: read as one body'] : renderTable(COLUMNS, shown);
  return plainText([...table, ...more, '', ...resultLines(explanation)].join('\n'));
}

function eventRow({ lastOutputMs }: Explanation): (event: EventNote, index: number) => string[] {
  let hadOutput = false;
  let hadAnswer = false;
  return (event, index) => {
    const first = [
      event.counted && !hadOutput ? 'TTFT' : '',
      event.meaning === 'output' && hadOutput && !hadAnswer ? 'TTFO' : '',
    ].filter((name) => name !== '');
    hadOutput ||= event.counted;
    hadAnswer ||= event.meaning === 'output';
    const isLast = event.counted && event.atMs !== null && event.atMs === lastOutputMs;
    const marks = [...first, ...(isLast ? ['last'] : [])].join(', ');
    const meaning = marks === '' ? event.meaning : `${event.meaning}: ${marks}`;
    return [String(index + 1), event.atMs === null ? '' : formatMs(event.atMs), meaning, event.brought];
  };
}

function resultLines(explanation: Explanation): string[] {
  const { errorKind, message, warnings, toolCalls, answer, reasoning } = explanation;
  const ms = (value: number | null): string => (value === null ? NOT_AVAILABLE : `${formatMs(value)} ms`);
  const count = (value: number | null): string => (value === null ? NOT_AVAILABLE : String(value));
  const pairs: [string, string][] = [
    [
      'outcome',
      errorKind === null || errorKind === explanation.outcome
        ? explanation.outcome
        : `${explanation.outcome} (${errorKind})`,
    ],
    ...(message === null ? [] : [['why', message] satisfies [string, string]]),
    ['TTFT', ms(explanation.ttftMs)],
    ['TTFO', ms(explanation.ttfoMs)],
    ['last output', ms(explanation.lastOutputMs)],
    [
      'TPOT',
      `${ms(explanation.tpotMs)}${explanation.bufferedByProxy === true ? ' (held back by a proxy)' : ''}`,
    ],
    ['tokens in', `${count(explanation.inputTokens)} (${count(explanation.cachedInputTokens)} cached)`],
    ['tokens out', `${count(explanation.outputTokens)} (${count(explanation.reasoningTokens)} reasoning)`],
    ['chunks', String(explanation.chunks)],
    ['finish reason', explanation.finishReason ?? NOT_AVAILABLE],
    ['answer', quote(answer)],
    ['reasoning', quote(reasoning)],
    ...toolCalls.map(({ name, arguments: args }): [string, string] => ['tool call', `${name}(${args})`]),
    ...warnings.map((warning): [string, string] => ['warning', warning]),
  ];
  return pairs.flatMap(([name, value]) =>
    wrap(value, VALUE_WIDTH).map((line, index) => (index === 0 ? name : '').padEnd(NAME_WIDTH) + line),
  );
}

const NAME_WIDTH = 15;
const VALUE_WIDTH = 80 - NAME_WIDTH;

function quote(text: string | null): string {
  if (text === null) return NOT_AVAILABLE;
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
