import type { Dialect, DialectQuery, FigureExpressions } from './dialect.ts';
import {
  type AnyMetric,
  type Figure,
  FILTER_VARIABLES,
  type FilterVariable,
  filtersOf,
  LISTED,
  type Query,
  tagOf,
  typeOf,
} from './query.ts';

/** What `K6_PROMETHEUS_RW_TREND_STATS` must be for the board to find its percentiles. */
export const TREND_STATS = 'p(50),p(95),p(99),avg,min,max,count';

/**
 * PromQL for what k6's experimental-prometheus-rw output writes: `k6_<trend>_p95`, `k6_<counter>_total`,
 * `k6_<rate>_rate`, `k6_<gauge>`. Percentiles and rates come from k6 per series, counted since the start of
 * the test: they cannot be merged, so the largest (percentile) or the mean (rate) of the series is shown.
 */
export const PROMQL: Dialect = {
  dataSourceType: 'prometheus',
  dataSourceVariable: 'DS_PROMETHEUS',
  lineOf,
  figureOf,
  valuesOf: (variable) => {
    const before = FILTER_VARIABLES.slice(0, FILTER_VARIABLES.indexOf(variable));
    const selector =
      before.length === 0 ? '' : `{${before.map((name) => condition(LISTED, name)).join(',')}}`;
    return `label_values(${seriesOf(LISTED)}${selector}, ${variable})`;
  },
  allValue: '.*',
};

function lineOf(query: Query): DialectQuery {
  return {
    text: overTime(query),
    legend: query.by === undefined ? query.legend : `{{${query.by}}} ${query.legend}`.trim(),
    instant: false,
  };
}

/** One value at the end of the range. */
function atEnd(text: string): FigureExpressions {
  return { expressions: [{ text, legend: '', instant: true }], transformations: [], reducer: 'lastNotNull' };
}

function overTime(query: Query): string {
  const { metric, by } = query;
  const split = by === undefined ? ' ' : ` by (${by}) `;
  switch (query.take) {
    case 'percentile':
      return `max${split}(${select(metric, `p${query.percent}`)})`;
    case 'share':
      return query.counters === undefined
        ? `avg${split}(${select(metric)})`
        : shareOf(
            `sum${split}(${increase(query.counters.of)})`,
            `sum${split}(${increase(query.counters.per)})`,
          );
    case 'per-second':
      return `sum${split}(rate(${select(metric)}[$__rate_interval]))`;
    case 'per-minute':
      return `60 * sum${split}(rate(${select(metric)}[$__rate_interval]))`;
    case 'running-total':
      return `sum${split}(${select(metric)})`;
    case 'level':
      return `max${split}(${select(metric)})`;
  }
}

function figureOf(figure: Figure): FigureExpressions {
  const { metric } = figure;
  switch (figure.take) {
    case 'percentile':
      return atEnd(`max(last_over_time(${select(metric, `p${figure.percent}`)}[$__range]))`);
    case 'share':
      return figure.counters === undefined
        ? atEnd(`avg(last_over_time(${select(metric)}[$__range]))`)
        : atEnd(shareOf(total(figure.counters.of), total(figure.counters.per)));
    case 'total':
      return atEnd(total(metric));
    case 'mean-per-second':
      return {
        expressions: [
          { text: `sum(rate(${select(metric)}[$__rate_interval])) > 0`, legend: '', instant: false },
        ],
        transformations: [],
        reducer: 'mean',
      };
    case 'quotient':
      return atEnd(`${figure.factor} * ${total(metric)} / ${total(figure.per)}`);
  }
}

/** A Counter over the range: k6 starts it at 0 for each test, so its largest value is its sum. */
function total(metric: AnyMetric): string {
  return `sum(max_over_time(${select(metric)}[$__range]))`;
}

/** A Counter that never counted has no series, and stands for 0. */
function shareOf(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / ${whole}`;
}

function increase(metric: AnyMetric): string {
  return `rate(${select(metric)}[$__rate_interval])`;
}

function select(metric: AnyMetric, stat = ''): string {
  return `${seriesOf(metric, stat)}{${conditions(metric)}}`;
}

function seriesOf(metric: AnyMetric, stat = ''): string {
  switch (typeOf(metric)) {
    case 'trend':
      return `k6_${metric}_${stat}`;
    case 'counter':
      return `k6_${metric}_total`;
    case 'rate':
      return `k6_${metric}_rate`;
    case 'gauge':
    case undefined:
      return `k6_${metric}`;
  }
}

function conditions(metric: AnyMetric): string {
  return filtersOf(metric)
    .map((variable) => condition(metric, variable))
    .join(',');
}

function condition(metric: AnyMetric, variable: FilterVariable): string {
  return `${tagOf(metric, variable)}=~"$${variable}"`;
}
