/** A column of a plain-text table. Text is cut to `width`; numbers are flushed right. */
export type Column = { title: string; width: number; align: 'left' | 'right' };

/** Lines of a table: titles, a rule, the rows. Columns are two blanks apart. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => fit(cells[index] ?? '', column))
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    // k6 1.1's engine loses the first character of a repeated text that is not ASCII.
    '-'.repeat(tableWidth(columns)).replace(/-/g, '─'),
    ...rows.map(line),
  ];
}

function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 2 * (columns.length - 1));
}

function fit(cell: string, { width, align }: Column): string {
  const oneLine = cell.replace(/\s+/g, ' ');
  const cut = oneLine.length > width ? `${oneLine.slice(0, width - 1)}…` : oneLine;
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width);
}

/** Text broken into lines of at most `width` characters, the later ones indented. A word that is longer is broken. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((part) => pieces(part, width - indent.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    const room = lines.length === 0 ? width : width - indent.length;
    if (line !== '' && longer.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((part, index) => (index === 0 ? part : indent + part));
}

/** A word in pieces of at most `length` characters, none within a character of two code units; none for an empty one. */
function pieces(word: string, length: number): string[] {
  if (word.length <= length) return word === '' ? [] : [word];
  const found: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && piece.length + character.length > length) {
      found.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...found, piece];
}
