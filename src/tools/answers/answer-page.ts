import type { RunFinding } from '../../lib/summary/summary.ts';
import { findingSections } from '../report/html/finding-sections.ts';
import { html, type Markup, NOTHING } from '../report/html/markup.ts';
import { type DataTable, dataTable } from '../report/html/data-table.ts';
import { documentOf } from '../report/html/page.ts';
import type { PlotSpec } from '../report/html/plot-spec.ts';
import { plotFigure } from '../report/html/plot-figure.ts';
import type { Tone } from '../report/html/verdict.ts';
import type { QuestionAnswer } from './question-answer.ts';

/** What stands on the page of an answer, beside its question and its sentence. */
export type AnswerPage = {
  /** `search`. */
  command: string;
  tone: Tone;
  /** The answer in a word or two: `36/s`, `Relay B`, `Nobody knows`. */
  short: string;
  /** Small facts under the question: what was asked of whom. */
  facts: readonly string[];
  plots: readonly PlotSpec[];
  /** For whoever checks. */
  tables: readonly DataTable[];
  /** Further questions that the answer's runs tell of; left out: none. */
  findings?: readonly RunFinding[];
  /** What a reader must know. */
  notes: readonly string[];
};

/** One file, no request to anywhere; light and dark, wide and narrow as the report is. */
export function answerPage({ question, sentence, partial }: QuestionAnswer, page: AnswerPage): string {
  const { command, tone, short, facts, plots, tables, findings = [], notes } = page;
  const body = html`<header>
      <p class="kicker">k6-llm ${command}</p>
      <h1>${question}</h1>
      ${list('facts', facts)}
    </header>
    <main>
      <dl class="answers">
        <div class="answer whole ${partial ? 'doubtful' : tone}">
          <dt>${partial ? 'Partial: the command did not come to its end' : 'Answer'}</dt>
          <dd>
            <div class="short">${short}</div>
            <p class="more">${sentence}</p>
          </dd>
        </div>
      </dl>
      ${plots.length === 0 ? NOTHING : html`<div class="plots overlay">${plots.map(plotFigure)}</div>`}
      ${tables.map((table) => html`<div class="overlay">${dataTable(table)}</div>`)}
      ${findingSections({ findings })}
      ${
        notes.length === 0
          ? NOTHING
          : html`<h3>To know</h3>
              ${list('notes', notes)}`
      }
    </main>`;
  return documentOf(`k6-llm: ${question}`, body);
}

function list(name: string, items: readonly string[]): Markup {
  if (items.length === 0) return NOTHING;
  return html`<ul class="${name}">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}
