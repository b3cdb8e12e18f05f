import { wrap } from '../../lib/text/table.ts';

/** Columns of a terminal that nobody has widened. */
const WIDTH = 80;
/** A flag longer than this has its help below it. */
const MAX_FLAG_WIDTH = 24;
const INDENT = '  ';

/** A flag as it is written, `-o, --out FILE`, and what it does. */
export type HelpRow = { flag: string; help: string };

/** The whole help text of a command, in 80 columns; lines of `details` that begin with a blank stay as they are. */
export function renderHelpText({
  summary,
  usage,
  rows,
  details,
}: {
  summary: string;
  usage: string;
  rows: readonly HelpRow[];
  details: string | undefined;
}): string {
  const fitting = rows.map(({ flag }) => flag.length).filter((length) => length <= MAX_FLAG_WIDTH);
  const column = INDENT.length + Math.max(...fitting) + 2;
  return [
    ...wrap(summary, WIDTH),
    '',
    ...wrap(`Usage: k6-llm ${usage}`, WIDTH, INDENT),
    '',
    ...rows.flatMap((row) => renderRow(row, column)),
    ...(details === undefined ? [] : ['', ...reflow(details.trim().split('\n'))]),
  ].join('\n');
}

function renderRow({ flag, help }: HelpRow, column: number): string[] {
  const lines = wrap(help, WIDTH - column).map((line) => ' '.repeat(column) + line);
  const name = INDENT + flag;
  if (name.length + 2 > column) return [name, ...lines];
  const [first = '', ...more] = lines;
  return [name + first.slice(name.length), ...more];
}

/** Breaks paragraphs anew. */
function reflow(lines: readonly string[]): string[] {
  const broken: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    broken.push(...wrap(paragraph.join(' '), WIDTH));
    paragraph = [];
  };
  for (const line of lines) {
    if (line !== '' && !line.startsWith(' ')) {
      paragraph.push(line);
      continue;
    }
    endParagraph();
    broken.push(line);
  }
  endParagraph();
  return broken;
}
