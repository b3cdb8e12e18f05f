// Plots of the page, drawn by ECharts without a browser.
import { writeFile } from 'node:fs/promises';
import * as echarts from 'echarts';

const NAMES = { 'k6-llm': 'k6-llm', locust: 'Locust', aiperf: 'AIPerf', guidellm: 'GuideLLM' };

/** Error of mean TTFT against streams, both axes logarithmic. */
export async function plotTtft(truth, { machine, file }) {
  await draw(file, {
    title: 'Error of mean TTFT',
    machine,
    x: 'streams, started together and kept in step',
    y: 'ms above what the server did',
    series: lines(truth, (row) => Math.max(0.01, Math.abs(row.ttftMeanErrorMs.median))),
  });
}

/** CPU of a streamed token against streams. */
export async function plotCpu(truth, { machine, file }) {
  await draw(file, {
    title: 'CPU a streamed token, all client processes',
    machine,
    x: 'streams at 50 tokens/s each',
    y: 'µs',
    series: lines(truth, (row) => row.cpuUsPerToken.median),
  });
}

function lines(truth, valueOf) {
  const tools = [...new Set(truth.map(({ tool }) => tool))];
  return tools.map((tool) => ({
    name: NAMES[tool] ?? tool,
    type: 'line',
    symbolSize: 7,
    data: truth
      .filter((row) => row.tool === tool)
      .map((row) => [row.streams, Number(valueOf(row).toFixed(3))]),
  }));
}

async function draw(file, { title, machine, x, y, series }) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 400 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: {
      text: title,
      subtext: machine,
      left: 'center',
      textStyle: { fontSize: 15 },
      subtextStyle: { fontSize: 11 },
    },
    legend: { bottom: 4 },
    grid: { left: 70, right: 30, top: 62, bottom: 80 },
    xAxis: { type: 'log', name: x, nameLocation: 'middle', nameGap: 28, min: 10, max: 1000 },
    yAxis: { type: 'log', name: y, nameLocation: 'middle', nameGap: 45 },
    series,
  });
  await writeFile(file, `${withDarkTheme(chart.renderToSVGString())}\n`);
  chart.dispose();
}

const DARK = `<style>
@media (prefers-color-scheme: dark) {
  rect[fill="#ffffff"] { fill: #14171b; }
  text { fill: #c9cdd3; }
  path[stroke="#dbdee4"] { stroke: #2d333b; }
  path[stroke="#54555a"] { stroke: #9ea6b1; }
  path[stroke="#5070dd"] { stroke: #86a6f2; }
}
</style>`;

/** Shows a drawing on dark ground where its reader wants that: a picture in a page knows the reader's theme. */
export function withDarkTheme(svg) {
  return svg.replace(/(<svg[^>]*>)/, `$1${DARK}`);
}
