import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml } from './markup.ts';
import type { PlotLine, PlotSpec } from './plot-spec.ts';

echarts.use([LineChart, GridComponent, SVGRenderer]);

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
const INK = { label: '#0e0e01', grid: '#0e0e02', planned: '#0e0e03', mark: '#0e0e04' } as const;
const SERIES_INK = ['#0f0f01', '#0f0f02', '#0f0f03', '#0f0f04', '#0f0f05', '#0f0f06'];

/** An SVG of a plot: no script, no font, no colour of its own. */
export function renderPlot(spec: PlotSpec, size: PlotSize): string {
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: size.width,
    height: size.height,
  });
  try {
    chart.setOption(optionOf(spec, size));
    return dress(chart.renderToSVGString(), spec, size);
  } finally {
    chart.dispose();
  }
}

type Option = Parameters<ReturnType<typeof echarts.init>['setOption']>[0];

function optionOf(spec: PlotSpec, size: PlotSize): Option {
  const planned = plannedSeries(spec);
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: INK.label, fontSize: 12 },
    grid: { left: 4, right: 12, top: 12, bottom: 4 },
    xAxis: xAxis(spec, size),
    yAxis: [yAxis(spec), { type: 'value', show: false, min: 0, max: planned.max }],
    series: [
      ...planned.series,
      ...markSeries(spec, planned.max),
      ...spec.lines.map((line) => seriesOf(spec, line)),
    ],
  };
}

function seriesOf(spec: PlotSpec, line: PlotLine): object {
  const color = SERIES_INK[(line.colour - 1) % SERIES_INK.length];
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

function plannedSeries({ planned }: PlotSpec): { series: object[]; max: number } {
  const peak = Math.max(0, ...planned.flatMap(({ points }) => points.map(([, target]) => target)));
  const series = planned.map(({ points }) => ({
    type: 'line',
    yAxisIndex: 1,
    silent: true,
    symbol: 'none',
    data: points.map(([atMs, target]) => [atMs / 1000, target]),
    lineStyle: { width: 0 },
    areaStyle: { color: INK.planned, opacity: 1 },
  }));
  return { series, max: peak === 0 ? 1 : peak * 1.08 };
}

/** From the foot to the top of the scale that plans have. */
function markSeries({ marks = [] }: PlotSpec, max: number): object[] {
  return marks.map((atSec) => ({
    type: 'line',
    yAxisIndex: 1,
    silent: true,
    symbol: 'none',
    data: [
      [atSec, 0],
      [atSec, max],
    ],
    lineStyle: { color: INK.mark, width: 1, type: 'dashed' },
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
  return { ...AXIS, ...line, type: 'log', logBase: 10, min, max, axisLabel };
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

function dress(svg: string, { id, title, caption }: PlotSpec, { name, width, height }: PlotSize): string {
  const key = `${id}-${name}`;
  const inner = svg
    .replace(/^<svg[^>]*>/, '')
    .replaceAll(INK.label, 'var(--muted)')
    .replaceAll(INK.grid, 'var(--line)')
    .replaceAll(INK.planned, 'var(--planned)')
    .replaceAll(INK.mark, 'var(--bad)')
    .replaceAll(/#0f0f0(\d)/g, 'var(--c$1)')
    .replace(/<style[^]*?<\/style>/g, '')
    .replaceAll(/ class="zr\d+-cls-\d+"/g, '')
    .replaceAll(/\bzr\d+-/g, `${key}-`)
    .replaceAll(/ ecmeta_[a-z_]+="[^"]*"/g, '');
  const open = `<svg class="plot ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${key}-t ${key}-d">`;
  return `${open}<title id="${key}-t">${escapeHtml(title)}</title><desc id="${key}-d">${escapeHtml(caption)}</desc>${inner}`;
}
