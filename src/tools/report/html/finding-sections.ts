import type { Summary } from '../../../lib/summary/summary.ts';
import { capitalized } from '../../../lib/text/capitalized.ts';
import { dataTable } from './data-table.ts';
import { html, type Markup, NOTHING } from './markup.ts';

/** Answers in words, each with the figures to check it by. */
export function findingSections({ findings }: Pick<Summary, 'findings'>): Markup {
  // An older summary.json has none.
  return html`${(findings ?? []).map(
    ({ question, sentence, rows }) =>
      html`<h3>${question}</h3>
        <p class="finding">${capitalized(sentence)}.</p>
        ${
          rows.length === 0
            ? NOTHING
            : dataTable({
                caption: 'What it rests on',
                columns: [
                  { title: '' },
                  { title: 'figure', isText: true },
                  { title: 'how sure', isText: true },
                ],
                rows: rows.map(({ name, value, note }) => [name, value, note]),
              })
        }`,
  )}`;
}
