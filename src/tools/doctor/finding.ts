import { plainName } from '../../lib/text/plain-text.ts';
/** What a check found; `ok: false` means that a run could not start, `doubtful` that it might not do what is meant. */
export type Finding = { title: string; ok: boolean; doubtful?: boolean; lines: readonly string[] };

const WIDTH = 80;
const INDENT = 4;
const MARKS = { good: '✓', doubtful: '!', bad: '✗' } as const;

/** A finding as lines of at most 80 columns; what goes on keeps the indentation of its line, and two more. */
export function renderFinding({ title, ok, doubtful = false, lines }: Finding): string[] {
  return [
    ...broken(`${MARKS[ok ? (doubtful ? 'doubtful' : 'good') : 'bad']} ${title}`, WIDTH, INDENT),
    ...lines
      .map(plainName)
      .flatMap((line) => broken(' '.repeat(INDENT) + line, WIDTH, continuationOf(line) + INDENT)),
    '',
  ];
}

/** Behind the name of a setting, or two columns further in than the line began. */
function continuationOf(line: string): number {
  const column = /^[A-Z][A-Z_]+ {2,}/.exec(line)?.[0].length;
  return column ?? (/^ */.exec(line)?.[0].length ?? 0) + 2;
}

/** Breaks at a blank or a comma where there is one in the last third of a line, else anywhere. */
function broken(line: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = breakPoint(rest, width);
    lines.push(rest.slice(0, at).trimEnd());
    rest = ' '.repeat(indent) + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

function breakPoint(text: string, width: number): number {
  const from = Math.ceil((width * 2) / 3);
  for (let at = width; at > from; at--) {
    if (text[at] === ' ' || text[at - 1] === ' ' || text[at - 1] === ',') return at;
  }
  return width;
}
