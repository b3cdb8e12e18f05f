import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml } from './markup.ts';
import type { PlotLimit, PlotLine, PlotSpec } from './plot-spec.ts';

echarts.use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/**
 * There is no font on the server to measure with: labels get the room of a wide system font, so that none is cut
 * off in anybody's browser. The library takes the width of one Chinese character for the height of a line.
 */
echarts.setPlatformAPI({
  measureText: (text, font = '') => {
    const sizePx = Number(/(\d+)px/.exec(font)?.[1] ?? 12);
    const ems = [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 1.25 : 0.62), 0);
    return { width: ems * sizePx };
  },
});

export type PlotSize = { name: 'wide' | 'narrow'; width: number; height: number };

/** The same plot twice, so that its text is readable on a desk and on a phone; CSS shows one. */
export const PLOT_SIZES: readonly PlotSize[] = [
  { name: 'wide', width: 560, height: 236 },
  { name: 'narrow', width: 330, height: 210 },
];

/**
 * Colours that stand for the page's own, replaced in the finished drawing: the plotting library wants to
 * understand its colours, and `var(--c1)` follows the reader's light or dark theme.
 */
const INK = {
  label: '#0e0e01',
  grid: '#0e0e02',
  planned: '#0e0e03',
  limit: '#0e0e04',
  mark: '#0e0e05',
  fine: '#0e0e06',
} as const;
const SERIES_INK = ['#0f0f01', '#0f0f02', '#0f0f03', '#0f0f04', '#0f0f05', '#0f0f06'];
const ERROR_INK = ['#0d0d01', '#0d0d02', '#0d0d03', '#0d0d04', '#0d0d05', '#0d0d06'];
/** A limit further above the plot than this stays out of it, and the legend says where it is. */
const LIMIT_ROOM = 2.5;

/** SVGs of a plot, one for each size: no script, no font, no colour of its own. */
export function renderPlot(spec: PlotSpec, sizes: readonly PlotSize[]): string[] {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...NO_SIZE });
  try {
    return sizes.map((size, at) => {
      const axis = { xAxis: xAxis(spec, size) };
      chart.setOption(at === 0 ? { ...optionOf(spec), ...axis } : axis, { lazyUpdate: true });
      // Draws it, once.
      chart.resize({ width: size.width, height: size.height });
      return dress(chart.renderToSVGString(), { spec, size, readAt: readingsAt(chart, spec) });
    });
  } finally {
    chart.dispose();
  }
}

const NO_SIZE = { width: 1, height: 1 };

type Option = Parameters<ReturnType<typeof echarts.init>['setOption']>[0];

function optionOf(spec: PlotSpec): Option {
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: INK.label, fontSize: 12 },
    grid: { left: 4, right: 12, top: 12, bottom: 4 },
    yAxis: yAxis(spec),
    series: [...plannedSeries(spec), ...spec.lines.map((line) => seriesOf(spec, line)), ...markSeries(spec)],
  };
}

/** Where a pointer finds something to read, in the drawing's own x. */
function readingsAt(chart: ReturnType<typeof echarts.init>, { readings, lines }: PlotSpec): number[] {
  const xs = readings?.map(({ x }) => x) ?? lines[0]?.points.map(([x]) => x) ?? [];
  return xs.map((x) => Math.round(Number(chart.convertToPixel({ xAxisIndex: 0 }, x))));
}

/** The highest value that is drawn. */
function peakOf({ lines, planned, stacked }: PlotSpec): number {
  const drawn = stacked
    ? (lines[0]?.points.map((_, at) => lines.reduce((sum, { points }) => sum + (points[at]?.[1] ?? 0), 0)) ??
      [])
    : lines.flatMap(({ points }) => points.map(([, y]) => y ?? 0));
  const plan = planned.flatMap(({ points }) => points.map(([, target]) => target));
  return [...drawn, ...plan].reduce((most, value) => Math.max(most, value), 0);
}

/** Whether a limit stands within the plot. */
export function isDrawn(spec: PlotSpec, limit: PlotLimit): boolean {
  return limit.value <= peakOf(spec) * LIMIT_ROOM;
}

/** Limits across, marks upwards, and the percentiles that a share is read at. */
function markSeries(spec: PlotSpec): object[] {
  const limits = spec.limits.filter((limit) => isDrawn(spec, limit));
  const across = limits.map(({ value }) => ({
    yAxis: value,
    lineStyle: { color: INK.limit, type: 'dashed' },
  }));
  const upwards = spec.marks.map(({ x }) => ({ xAxis: x, lineStyle: { color: INK.mark, type: 'solid' } }));
  const shares = spec.y.isShare ? PERCENTILE_GUIDES : [];
  const guides = shares.map(({ share, name, position }) => ({
    yAxis: share,
    lineStyle: { color: INK.fine, type: 'dashed' },
    label: {
      show: true,
      position,
      formatter: name,
      color: INK.label,
      fontSize: 11,
      distance: 3,
    },
  }));
  // The limits widen the axis, as a marked line alone does not.
  const room = { type: 'line', silent: true, symbol: 'none', lineStyle: { width: 0 } };
  const x = spec.lines[0]?.points[0]?.[0] ?? 0;
  return [
    {
      ...room,
      data: limits.map(({ value }) => [x, value * 1.02]),
      markLine: {
        silent: true,
        symbol: 'none',
        animation: false,
        label: { show: false },
        lineStyle: { width: 1.25 },
        data: [...across, ...upwards, ...guides],
      },
    },
  ];
}

const PERCENTILE_GUIDES = [
  { share: 0.5, name: 'p50', position: 'insideStartTop' },
  { share: 0.95, name: 'p95', position: 'insideStartBottom' },
  { share: 0.99, name: 'p99', position: 'insideEndBottom' },
];

function seriesOf(spec: PlotSpec, line: PlotLine): object {
  const inks = line.isError === true ? ERROR_INK : SERIES_INK;
  const color = inks[(line.colour - 1) % inks.length];
  const data = line.points.map(([x, y]) => [x, y ?? '-']);
  if (spec.stacked) {
    return {
      type: 'line',
      step: 'middle',
      stack: 'all',
      data: line.points.map(([x, y]) => [x, y ?? 0]),
      symbol: 'none',
      lineStyle: { width: 0 },
      areaStyle: { color, opacity: 1 },
    };
  }
  return {
    type: 'line',
    data,
    symbol: (_: unknown, { dataIndex }: { dataIndex: number }) =>
      isAlone(line, dataIndex) ? 'circle' : 'none',
    symbolSize: 5,
    itemStyle: { color },
    lineStyle: { color, width: 1.75, type: line.dash },
  };
}

/** A point without neighbours has no line to be seen by. */
function isAlone({ points }: PlotLine, index: number): boolean {
  return (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null;
}

function plannedSeries({ planned }: PlotSpec): object[] {
  return planned.map(({ points }) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    data: points.map(([atMs, target]) => [atMs / 1000, target]),
    lineStyle: { width: 0 },
    areaStyle: { color: INK.planned, opacity: 1 },
  }));
}

const AXIS = {
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: INK.label, fontSize: 12, fontFamily: 'inherit' },
  splitLine: { show: false },
};

function xAxis(spec: PlotSpec, size: PlotSize): object {
  const { x } = spec;
  const line = { axisLine: { show: true, onZero: false, lineStyle: { color: INK.grid, width: 1 } } };
  if (x.kind === 'time') {
    const intervalSec = tickSec(x.maxSec, size.name === 'wide' ? 7 : 4);
    return {
      ...AXIS,
      ...line,
      type: 'value',
      min: 0,
      max: x.maxSec,
      interval: intervalSec,
      axisLabel: { ...AXIS.axisLabel, formatter: timeLabel, showMaxLabel: false, hideOverlap: true },
    };
  }
  const label = (value: number): string => withUnit(value, x.unit);
  const axisLabel = { ...AXIS.axisLabel, formatter: label, hideOverlap: true };
  if (x.kind === 'value') return { ...AXIS, ...line, type: 'value', scale: false, min: 0, axisLabel };
  const [min, max] = logRange(spec);
  const fine = { show: true, lineStyle: { color: INK.grid, width: 1 } };
  return {
    ...AXIS,
    ...line,
    type: 'log',
    logBase: 10,
    min,
    max,
    axisLabel,
    splitLine: fine,
    minorTick: { show: false, splitNumber: 9 },
    minorSplitLine: { ...fine, lineStyle: { color: INK.grid, width: 0.5 } },
  };
}

/** Round bounds for a logarithmic axis: 1, 2 or 5 times a power of ten. */
function logRange({ lines }: PlotSpec): [number, number] {
  const values = lines.flatMap(({ points }) => points.map(([x]) => x)).filter((x) => x > 0);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!Number.isFinite(low)) return [1, 10];
  return [roundDown(low), roundUp(high)];
}

const ROUND = [1, 2, 5, 10];

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ROUND.findLast((step) => step * power <= value) ?? 1);
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ROUND.find((step) => step * power >= value) ?? 10);
}

function yAxis({ y }: PlotSpec): object {
  return {
    ...AXIS,
    type: 'value',
    min: 0,
    ...(y.isShare ? { max: 1, interval: 0.25 } : { splitNumber: 4 }),
    axisLabel: {
      ...AXIS.axisLabel,
      formatter: (value: number) => (y.isShare ? `${Math.round(value * 100)} %` : withUnit(value, y.unit)),
    },
    splitLine: { show: true, lineStyle: { color: INK.grid, width: 1 } },
  };
}

const TICKS_SEC = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];

function tickSec(maxSec: number, ticks: number): number {
  return TICKS_SEC.find((tick) => maxSec / tick <= ticks) ?? 86_400;
}

/** `45 s`, `2:30`, `1:05:00`. */
export function timeLabel(sec: number): string {
  if (sec < 60) return `${Math.round(sec * 10) / 10} s`;
  const whole = Math.round(sec);
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
}

/** A number short enough for an axis: `0.002`, `45`, `1.2k`, `3M`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 10_000) return `${trim(value / 1e3)}k`;
  return trim(value);
}

function withUnit(value: number, unit: string): string {
  return unit === '$' ? `$${shortNumber(value)}` : `${shortNumber(value)} ${unit}`.trim();
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function dress(
  svg: string,
  { spec, size, readAt }: { spec: PlotSpec; size: PlotSize; readAt: readonly number[] },
): string {
  const { id, title, caption } = spec;
  const { name, width, height } = size;
  const key = `${id}-${name}`;
  const inner = svg
    .replace(/^<svg[^>]*>/, '')
    .replaceAll(INK.label, 'var(--muted)')
    .replaceAll(INK.grid, 'var(--line)')
    .replaceAll(INK.planned, 'var(--planned)')
    .replaceAll(INK.limit, 'var(--limit)')
    .replaceAll(INK.mark, 'var(--bad)')
    .replaceAll(INK.fine, 'var(--muted)')
    .replaceAll(/#0f0f0(\d)/g, 'var(--c$1)')
    .replaceAll(/#0d0d0(\d)/g, 'var(--e$1)')
    .replace(/<style[^]*?<\/style>/g, '')
    .replaceAll(/ class="zr\d+-cls-\d+"/g, '')
    .replaceAll(/\bzr\d+-/g, `${key}-`)
    .replaceAll(/ ecmeta_[a-z_]+="[^"]*"/g, '');
  const open = `<svg class="plot ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${key}-t ${key}-d" data-x="${readAt.join(' ')}">`;
  return `${open}<title id="${key}-t">${escapeHtml(title)}</title><desc id="${key}-d">${escapeHtml(caption)}</desc>${inner}`;
}
