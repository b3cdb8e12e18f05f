import type { Dialect, DialectQuery, FigureExpressions } from './dialect.ts';
import {
  type AnyMetric,
  type Figure,
  FILTER_VARIABLES,
  type FilterVariable,
  filtersOf,
  LISTED,
  type Query,
  type SplitTag,
  tagOf,
} from './query.ts';

/**
 * InfluxQL for what k6's influxdb output writes: a point a sample, the metric's name as measurement, one
 * field `value` for all types (a Counter's increment, a Rate's 0 or 1, a Trend's raw value, a Gauge's level).
 */
export const INFLUXQL: Dialect = {
  dataSourceType: 'influxdb',
  dataSourceVariable: 'DS_INFLUXDB',
  lineOf,
  figureOf,
  valuesOf: (variable) => {
    const before = FILTER_VARIABLES.slice(0, FILTER_VARIABLES.indexOf(variable));
    const where =
      before.length === 0 ? '' : ` WHERE ${before.map((name) => condition(LISTED, name)).join(' AND ')}`;
    return `SHOW TAG VALUES FROM "${LISTED}" WITH KEY = "${variable}"${where}`;
  },
  // Matches points without the tag too: a run without a testid.
  allValue: '.*',
};

function lineOf(query: Query): DialectQuery {
  return {
    text: overTime(query),
    legend: query.by === undefined ? query.legend : `$tag_${query.by} ${query.legend}`.trim(),
    instant: false,
  };
}

function alone(text: string, reducer: FigureExpressions['reducer'] = 'lastNotNull'): FigureExpressions {
  return { expressions: [{ text, legend: '', instant: false }], transformations: [], reducer };
}

function overTime(query: Query): string {
  const { metric, by } = query;
  switch (query.take) {
    case 'percentile':
      return select(`percentile("value", ${query.percent})`, { metric, by, fill: 'none' });
    case 'share':
      return select('mean("value")', { metric, by, fill: 'none' });
    case 'per-second':
      return select('sum("value") * 1000 / $__interval_ms', { metric, by, fill: '0' });
    case 'per-minute':
      return select('sum("value") * 60000 / $__interval_ms', { metric, by, fill: '0' });
    case 'running-total':
      return select('cumulative_sum(sum("value"))', { metric, by, fill: '0' });
    case 'level':
      return select('max("value")', { metric, by, fill: 'none' });
  }
}

function figureOf(figure: Figure): FigureExpressions {
  const { metric } = figure;
  switch (figure.take) {
    case 'percentile':
      return alone(select(`percentile("value", ${figure.percent})`, { metric }));
    case 'share':
      return alone(select('mean("value")', { metric }));
    case 'total':
      return alone(select('sum("value")', { metric }));
    case 'mean-per-second':
      return alone(select('sum("value") * 1000 / $__interval_ms', { metric, fill: 'none' }), 'mean');
    case 'quotient':
      return quotient(figure);
  }
}

/** InfluxQL cannot join two measurements, so Grafana divides: both sums come back at one time stamp. */
function quotient(figure: Extract<Figure, { take: 'quotient' }>): FigureExpressions {
  const { metric, per, factor } = figure;
  return {
    expressions: [
      { text: select(`sum("value") * ${factor}`, { metric }), legend: 'dividend', instant: false },
      { text: select('sum("value")', { metric: per }), legend: 'divisor', instant: false },
    ],
    transformations: [
      { id: 'joinByField', options: { mode: 'outer' } },
      {
        id: 'calculateField',
        options: {
          alias: 'quotient',
          mode: 'binary',
          binary: { left: 'dividend', operator: '/', right: 'divisor' },
          replaceFields: true,
        },
      },
    ],
    reducer: 'lastNotNull',
  };
}

/** With `fill`, a value an interval; without, one value over the whole range. */
function select(
  what: string,
  { metric, by, fill }: { metric: AnyMetric; by?: SplitTag | undefined; fill?: 'none' | '0' },
): string {
  const groups = [
    ...(fill === undefined ? [] : ['time($__interval)']),
    ...(by === undefined ? [] : [`"${by}"`]),
  ];
  const groupBy = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`;
  const filled = fill === undefined ? '' : ` fill(${fill})`;
  return `SELECT ${what} FROM "${metric}" WHERE ${conditions(metric)}${groupBy}${filled}`;
}

function conditions(metric: AnyMetric): string {
  return ['$timeFilter', ...filtersOf(metric).map((variable) => condition(metric, variable))].join(' AND ');
}

function condition(metric: AnyMetric, variable: FilterVariable): string {
  return `"${tagOf(metric, variable)}" =~ /^$${variable}$/`;
}
