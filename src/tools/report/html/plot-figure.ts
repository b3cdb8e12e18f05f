import { dataTable } from './data-table.ts';
import { html, Markup, NOTHING } from './markup.ts';
import { PLOT_SIZES, type PlotSize, renderPlot } from './plot.ts';
import { plannedWords } from './plot-context.ts';
import type { PlotLine, PlotSpec } from './plot-spec.ts';

/** A plot with its caption, a legend in words, and its numbers in a table. */
export function plotFigure(spec: PlotSpec): Markup {
  const drawings = PLOT_SIZES.map((size) => new Markup(renderPlot(spec, size)));
  return html`<figure>
    <figcaption>
      <h4>${spec.title}</h4>
      <p>${spec.caption}</p>
    </figcaption>
    ${legend(spec)} ${drawings}
    <details>
      <summary>The numbers</summary>
      ${dataTable({
        caption: `${spec.title}: the numbers`,
        columns: spec.table.columns.map((title) => ({ title })),
        rows: spec.table.rows,
      })}
    </details>
  </figure>`;
}

/** The same of a run that goes on: one drawing, which is soon another. */
export function livePlotFigure(spec: PlotSpec, size: PlotSize): Markup {
  return html`<figure>
    <figcaption>
      <h4>${spec.title}</h4>
      <p>${spec.caption}</p>
    </figcaption>
    ${legend(spec)} ${new Markup(renderPlot(spec, size))}
  </figure>`;
}

function legend({ lines, planned, stacked, marks = [] }: PlotSpec): Markup {
  const items = lines.map((line) => html`<li>${swatch(line, stacked)}${line.name}</li>`);
  const words = plannedWords(planned);
  const plan =
    words === ''
      ? NOTHING
      : html`<li>
          <svg width="22" height="10" aria-hidden="true">
            <rect width="22" height="10" rx="2" fill="var(--planned)" stroke="var(--line)" /></svg
          >${words}
        </li>`;
  return html`<ul class="legend">
    ${items}${plan}${markLegend(marks)}
  </ul>`;
}

function markLegend(marks: readonly number[]): Markup {
  if (marks.length === 0) return NOTHING;
  return html`<li>
    <svg width="10" height="12" aria-hidden="true">
      <line x1="5" y1="0" x2="5" y2="12" stroke="var(--bad)" stroke-dasharray="4 2" /></svg
    >events
  </li>`;
}

const DASH_ARRAY = { solid: '', dashed: '6 4', dotted: '2 3' } as const;

function swatch({ colour, dash }: PlotLine, stacked: boolean): Markup {
  const ink = `var(--c${((colour - 1) % 6) + 1})`;
  if (stacked)
    return html`<svg width="12" height="10" aria-hidden="true">
      <rect width="12" height="10" rx="2" fill="${ink}" />
    </svg>`;
  return html`<svg width="22" height="10" aria-hidden="true">
    <line
      x1="0"
      y1="5"
      x2="22"
      y2="5"
      stroke="${ink}"
      stroke-width="2"
      stroke-dasharray="${DASH_ARRAY[dash]}"
    />
  </svg>`;
}
