import { dataTable } from './data-table.ts';
import { html, Markup, NOTHING } from './markup.ts';
import { isDrawn, PLOT_SIZES, type PlotSize, renderPlot } from './plot.ts';
import { plannedWords } from './plot-context.ts';
import type { PlotLine, PlotSpec } from './plot-spec.ts';

/** A plot with its caption, a legend in words, and its numbers in a table. */
export function plotFigure(spec: PlotSpec): Markup {
  const drawings = renderPlot(spec, PLOT_SIZES).map((drawing) => new Markup(drawing));
  return html`<figure>
    <figcaption>
      <h4>${spec.title}</h4>
      <p>${spec.caption}</p>
    </figcaption>
    ${legend(spec)}
    <div class="drawing" ${readingsOf(spec)}>${drawings}</div>
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
    ${legend(spec)} ${renderPlot(spec, [size]).map((drawing) => new Markup(drawing))}
  </figure>`;
}

/** What a pointer reads where the table has other rows: `hover-script.ts` looks here first. */
function readingsOf({ readings }: PlotSpec): Markup {
  if (readings === null) return NOTHING;
  return html`data-readings="${JSON.stringify(readings.map(({ cells }) => cells))}"`;
}

function legend(spec: PlotSpec): Markup {
  const { lines, planned, stacked, limits, marks } = spec;
  const items = lines.map((line) => html`<li>${swatch(line, stacked)}${line.name}</li>`);
  const limitItems = limits.map(
    (limit) =>
      html`<li>
        ${stroke('var(--limit)', '5 4')}${limit.label}${isDrawn(spec, limit) ? '' : ' (far above the plot)'}
      </li>`,
  );
  const markItems = marks.map(({ label }) => html`<li>${stroke('var(--bad)', '')}${label}</li>`);
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
    ${items}${plan}${limitItems}${markItems}
  </ul>`;
}

const DASH_ARRAY = { solid: '', dashed: '6 4', dotted: '2 3' } as const;

function swatch({ colour, dash, isError }: PlotLine, stacked: boolean): Markup {
  const ink = `var(--${isError === true ? 'e' : 'c'}${((colour - 1) % 6) + 1})`;
  if (stacked)
    return html`<svg width="12" height="10" aria-hidden="true">
      <rect width="12" height="10" rx="2" fill="${ink}" />
    </svg>`;
  return stroke(ink, DASH_ARRAY[dash]);
}

function stroke(ink: string, dashes: string): Markup {
  return html`<svg width="22" height="10" aria-hidden="true">
    <line x1="0" y1="5" x2="22" y2="5" stroke="${ink}" stroke-width="2" stroke-dasharray="${dashes}" />
  </svg>`;
}
