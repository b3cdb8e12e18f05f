import { html, type Markup } from './markup.ts';

export type TableColumn = { title: string; isText?: boolean };

export type DataTable = {
  /** Said aloud and shown above the table. */
  caption: string;
  columns: readonly TableColumn[];
  /** The first cell of a row is its header. */
  rows: readonly (readonly (string | Markup)[])[];
};

/** A table that scrolls sideways on a small screen, reachable by keyboard. */
export function dataTable({ caption, columns, rows }: DataTable): Markup {
  const head = columns.map(({ title, isText }, index) =>
    index === 0 || isText === true
      ? html`<th scope="col" class="text">${title}</th>`
      : html`<th scope="col">${title}</th>`,
  );
  const body = rows.map(
    (cells) =>
      html`<tr>
        ${cells.map((cell, index) => cellOf(cell, columns[index], index))}
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function cellOf(cell: string | Markup, column: TableColumn | undefined, index: number): Markup {
  if (index === 0) return html`<th scope="row">${cell}</th>`;
  if (column?.isText !== true) return html`<td>${cell}</td>`;
  // On a small screen a sentence would stand a word a line, beside columns that are scrolled away.
  const isSentence = typeof cell === 'string' && cell.length > SENTENCE_LENGTH;
  return html`<td class="${isSentence ? 'text wrap sentence' : 'text wrap'}">${cell}</td>`;
}

const SENTENCE_LENGTH = 40;
