import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Figure, FilterVariable, Query } from './query.ts';

/** One query as a data source takes it. */
export type DialectQuery = {
  text: string;
  /** Grafana's pattern for the line's name. */
  legend: string;
  /** One value over the whole range instead of a series. */
  instant: boolean;
};

/** A figure may need two queries and Grafana's own arithmetic. */
export type FigureExpressions = {
  expressions: readonly DialectQuery[];
  transformations: readonly DataTransformerConfig[];
  /** How a stat panel makes one number of what comes back. */
  reducer: 'lastNotNull' | 'mean';
};

/** What differs between the boards: the language, the data source, the way to list a tag's values. */
export type Dialect = {
  dataSourceType: 'influxdb' | 'prometheus';
  /** The data source variable, which works for import and for provisioning alike. */
  dataSourceVariable: 'DS_INFLUXDB' | 'DS_PROMETHEUS';
  lineOf: (query: Query) => DialectQuery;
  figureOf: (figure: Figure) => FigureExpressions;
  /** The query behind a variable; those before it in `FILTER_VARIABLES` narrow it. */
  valuesOf: (variable: FilterVariable) => string;
  /** What "All" stands for. */
  allValue: string;
};
