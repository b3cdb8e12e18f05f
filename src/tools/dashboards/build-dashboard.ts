import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { BoardPanel, BoardRow } from './board.ts';
import type { Dialect, DialectQuery } from './dialect.ts';
import { FILTER_VARIABLES, type FilterVariable } from './query.ts';
import { graphBuilder, statBuilder } from './panel-builders.ts';

/** What names one board and tells it from its twin. */
export type BoardIdentity = { uid: string; title: string; description: string };

/** Grafana's own shape of a data source, by variable: no board names one that exists. */
export type DataSource = { type: string; uid: string };

const LABELS: Readonly<Record<FilterVariable, string>> = {
  testid: 'Run',
  model: 'Model',
  provider: 'Provider',
  test_type: 'Scenario',
  kind: 'Kind',
};

/** The whole board as Grafana's JSON model; ids and places follow from the order of rows and panels. */
export function buildDashboard(
  rows: readonly BoardRow[],
  { dialect, identity }: { dialect: Dialect; identity: BoardIdentity },
): Dashboard {
  const dataSource: DataSource = { type: dialect.dataSourceType, uid: `\${${dialect.dataSourceVariable}}` };
  const board = new DashboardBuilder(identity.title)
    .id(null)
    .uid(identity.uid)
    .description(identity.description)
    .tags(['k6', 'llm'])
    .time({ from: 'now-30m', to: 'now' })
    .refresh('5s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .annotations([])
    .withVariable(
      new DatasourceVariableBuilder(dialect.dataSourceVariable)
        .label('Data source')
        .type(dialect.dataSourceType),
    );
  for (const variable of FILTER_VARIABLES)
    board.withVariable(filterVariable(variable, { dialect, dataSource }));
  let nextId = 1;
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title).id(nextId++));
    for (const panel of row.panels) {
      board.withPanel(panelBuilder(panel, { dialect, dataSource, id: nextId++ }));
    }
  }
  return board.build();
}

function filterVariable(
  name: FilterVariable,
  { dialect, dataSource }: { dialect: Dialect; dataSource: DataSource },
): QueryVariableBuilder {
  const query = dialect.valuesOf(name);
  return (
    new QueryVariableBuilder(name)
      .label(LABELS[name])
      .datasource(dataSource)
      .query(query)
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      // A run's id begins with its time, so the newest comes first.
      .sort(name === 'testid' ? VariableSort.AlphabeticalDesc : VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue(dialect.allValue)
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

function panelBuilder(
  panel: BoardPanel,
  { dialect, dataSource, id }: { dialect: Dialect; dataSource: DataSource; id: number },
): Builder<Panel> {
  const targets = (expressions: readonly DialectQuery[]) =>
    expressions.map((expression, index) => target(expression, { dataSource, index }));
  switch (panel.kind) {
    case 'stat': {
      const { expressions, transformations, reducer } = dialect.figureOf(panel.figure);
      return statBuilder(panel, reducer)
        .id(id)
        .datasource(dataSource)
        .targets(targets(expressions))
        .transformations([...transformations]);
    }
    case 'graph':
      return graphBuilder(panel)
        .id(id)
        .datasource(dataSource)
        .targets(targets(panel.queries.map(dialect.lineOf)));
  }
}

/** One query with its letter. The SDK has no type for InfluxDB's queries: they are written out. */
function target(
  { text, legend, instant }: DialectQuery,
  { dataSource, index }: { dataSource: DataSource; index: number },
): Builder<Dataquery> {
  const refId = String.fromCharCode('A'.charCodeAt(0) + index);
  if (dataSource.type === 'prometheus') {
    const query = new DataqueryBuilder().datasource(dataSource).refId(refId).expr(text).legendFormat(legend);
    return instant ? query.instant() : query.range();
  }
  const query = { refId, datasource: dataSource, rawQuery: true, query: text, resultFormat: 'time_series' };
  return { build: () => ({ ...query, alias: legend, _implementsDataqueryVariant: () => {} }) };
}
