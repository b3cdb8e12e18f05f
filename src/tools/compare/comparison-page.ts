import type { PlotSpec } from '../report/html/plot-spec.ts';
import { spreadPlot } from '../report/html/plots-distribution.ts';
import { dataTable } from '../report/html/data-table.ts';
import { html, type Markup, NOTHING } from '../report/html/markup.ts';
import { plotFigure } from '../report/html/plot-figure.ts';
import { documentOf } from '../report/html/page.ts';
import { Histogram } from '../results/figures/histogram.ts';
import type { Comparison, PreparedRun } from './compare-runs.ts';
import { type Judgement, signedPercent } from './gate.ts';
import { type Matrix, matrixTable } from './matrix.ts';
import { basisText, rowText } from './render-comparison.ts';

export type ComparedPair = { comparison: Comparison; judgements: readonly Judgement[] };

/** A page that shows runs side by side: what changed, whether it is more than noise, how they are spread. */
export function comparisonPage(
  runs: readonly PreparedRun[],
  { pairs, matrix }: { pairs: readonly ComparedPair[]; matrix: Matrix | null },
): string {
  const plots = [
    spread(runs, { metric: 'ai_latency_ms', title: 'Latency' }),
    spread(runs, { metric: 'ai_ttft_ms', title: 'Time to first token (TTFT)' }),
    spread(runs, { metric: 'ai_tpot_ms', title: 'Time per output token (TPOT)' }),
  ].flatMap((plot) => (plot === null ? [] : [plot]));
  const body = html`<header>
      <p class="kicker">k6-llm comparison</p>
      <h1>${runs.map(({ label }) => label).join(' against ')}</h1>
    </header>
    <main>
      ${
        matrix === null
          ? NOTHING
          : html`<section class="run">
              <h2>All runs</h2>
              ${matrixTable(matrix)}
            </section>`
      }
      ${pairs.map((pair) => pairSection(pair, pairs.length === 1))}
      <h3>How they are spread</h3>
      <div class="plots">${plots.map(plotFigure)}</div>
    </main>`;
  return documentOf(`k6-llm: ${runs.map(({ label }) => label).join(' against ')}`, body);
}

function pairSection({ comparison, judgements }: ComparedPair, isAlone: boolean): Markup {
  const rows = comparison.rows.map((row) => {
    const { name, first, second, change, range, verdict } = rowText(row);
    const tone = row.verdict === 'worse' ? 'no' : row.verdict === 'better' ? 'yes' : '';
    return [name, first, second, change, range, html`<span class="${tone}">${verdict}</span>`];
  });
  const { first, second } = comparison;
  return html`<section class="run">
    ${isAlone ? NOTHING : html`<h2>${first.label} and ${second.label}</h2>`} ${headline(comparison)}
    ${rules(judgements)}
    <h3>Measures</h3>
    ${dataTable({
      caption: basisText(comparison),
      columns: [
        { title: 'measure' },
        { title: first.label },
        { title: second.label },
        { title: 'change' },
        { title: 'interval' },
        { title: 'verdict', isText: true },
      ],
      rows,
    })}
  </section>`;
}

function headline({ rows, second }: Comparison): Markup {
  const changes = (verdict: 'better' | 'worse'): string =>
    rows
      .filter((row) => row.verdict === verdict)
      .map(
        ({ measure, relative }) => `${measure.name}${relative === null ? '' : ` ${signedPercent(relative)}`}`,
      )
      .join(', ');
  const answer = (verdict: 'better' | 'worse'): Markup => {
    const found = changes(verdict);
    const isBad = verdict === 'worse' && found !== '';
    const tone = isBad ? 'bad' : found === '' ? 'plain' : 'good';
    const short = found === '' ? 'Nothing beyond noise' : isBad ? '✕ Worse' : '✓ Better';
    return html`<div class="answer ${tone}">
      <dt>What is ${verdict} in ${second.label}?</dt>
      <dd>
        <div class="short">${short}</div>
        ${found === '' ? NOTHING : html`<p class="more">${found}</p>`}
      </dd>
    </div>`;
  };
  return html`<dl class="answers">${answer('worse')}${answer('better')}</dl>`;
}

const STATE_WORDS = { held: '✓ held', broken: '✕ broken', undecided: '? undecided' } as const;

function rules(judgements: readonly Judgement[]): Markup {
  if (judgements.length === 0) return NOTHING;
  return html`<h3>Rules</h3>
    ${dataTable({
      caption: 'What the gate asked',
      columns: [{ title: 'rule' }, { title: 'result', isText: true }, { title: 'why', isText: true }],
      rows: judgements.map(({ rule, state, sentence }) => [
        rule.text,
        html`<span class="${state === 'held' ? 'yes' : 'no'}">${STATE_WORDS[state]}</span>`,
        sentence,
      ]),
    })}`;
}

function spread(
  runs: readonly PreparedRun[],
  { metric, title }: { metric: string; title: string },
): PlotSpec | null {
  const cells = runs.flatMap(({ label, run, part }) => {
    const known = run.figures?.metrics.get(metric);
    const cell = part === null ? known?.all : known?.parts[part.part].get(part.value);
    return cell instanceof Histogram && cell.count > 0 ? [{ name: label, histogram: cell }] : [];
  });
  return spreadPlot({ id: `spread-${metric}`, title, distributions: cells })[0] ?? null;
}
