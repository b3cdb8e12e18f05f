import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  SortOrder,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { GraphPanel, Limits, StatPanel } from './board.ts';
import { type AnyMetric, meaningOf } from './query.ts';

/** k6 writes each second; shorter intervals hold too few requests for a percentile. */
const SHORTEST_INTERVAL = '5s';
/** Longer silences are drawn as gaps and not bridged by a line. */
const GAP_MS = 30_000;

/** A big number, coloured by its limits. */
export function statBuilder(panel: StatPanel, reducer: 'lastNotNull' | 'mean'): StatBuilder {
  const judged = panel.limits.good !== 'none';
  const builder = new StatBuilder()
    .title(panel.title)
    .description(description(panel.note, [panel.figure.metric]))
    .span(panel.width)
    .height(panel.height)
    .unit(panel.unit)
    .noValue('–')
    .interval(SHORTEST_INTERVAL)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(panel.limits)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(judged ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(reducer === 'mean' ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs([reducer]).values(false));
  return panel.decimals === undefined ? builder : builder.decimals(panel.decimals);
}

/** Lines, bars or areas over time, with a table for a legend. */
export function graphBuilder(panel: GraphPanel): TimeseriesBuilder {
  const stacked = panel.shape !== 'lines';
  return new TimeseriesBuilder()
    .title(panel.title)
    .description(
      description(
        panel.note,
        panel.queries.map((query) => query.metric),
      ),
    )
    .span(panel.width)
    .height(panel.height)
    .unit(panel.unit)
    .min(0)
    .interval(SHORTEST_INTERVAL)
    .drawStyle(panel.shape === 'stacked-bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 60 : 0)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group('A'))
    .showPoints(VisibilityMode.Auto)
    .pointSize(4)
    .insertNulls(GAP_MS)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([...panel.calcs]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .overrideByRegexp('/p50$/', dashes([2, 6]))
    .overrideByRegexp('/p99$/', dashes([12, 6]));
}

function dashes(dash: readonly number[]): { id: string; value: unknown }[] {
  return [
    { id: 'custom.lineStyle', value: { fill: 'dash', dash } },
    { id: 'custom.lineWidth', value: 1 },
  ];
}

function steps(limits: Limits): Threshold[] {
  switch (limits.good) {
    case 'low':
      return [
        { value: null, color: 'green' },
        { value: limits.warnAt, color: 'orange' },
        { value: limits.badAt, color: 'red' },
      ];
    case 'high':
      return [
        { value: null, color: 'red' },
        { value: limits.badBelow, color: 'orange' },
        { value: limits.warnBelow, color: 'green' },
      ];
    case 'none':
      return [{ value: null, color: 'blue' }];
  }
}

function description(note: string, metrics: readonly AnyMetric[]): string {
  const meanings = [...new Set(metrics)].flatMap((metric) => {
    const meaning = meaningOf(metric);
    return meaning === '' ? [] : [`${metric}: ${meaning}`];
  });
  return [...(note === '' ? [] : [note]), ...meanings].join('\n\n');
}
