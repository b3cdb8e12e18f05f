// The tables of the page, a function for each measurement.
import { byTool, cell, number, ratio, table } from './format.mjs';

export function blockingSection(rows) {
  const bare = byTool(rows, 'bare http.post');
  return table(
    ['client', 'requests/s', 'CPU, µs a request', 'CPU against bare', 'requests/s against bare'],
    rows.map((row) => [
      row.tool,
      cell(row.ratePerSec, 0),
      cell(row.cpuUsPerRequest, 0),
      number(ratio(row.cpuUsPerRequest.median, bare?.cpuUsPerRequest.median), 2),
      number(ratio(row.ratePerSec.median, bare?.ratePerSec.median), 2),
    ]),
  );
}

export function streamingSection(rows) {
  const ours = byTool(rows, 'k6-llm meter');
  return table(
    ['client', 'tokens/s', 'CPU, µs a token', 'tokens/s, meter against it'],
    rows.map((row) => [
      row.tool,
      cell(row.tokensPerSec, 0),
      cell(row.cpuUsPerToken, 1),
      number(ratio(ours?.tokensPerSec.median, row.tokensPerSec.median), 2),
    ]),
  );
}

export function truthSection(rows) {
  return table(
    [
      'streams',
      'client',
      'TTFT mean, error ms',
      'TTFT p99, error ms',
      'TPOT mean, error ms',
      'CPU, µs a token',
      'CPU, cores',
      'memory, MB',
    ],
    [...rows]
      .sort((a, b) => a.streams - b.streams)
      .map((row) => [
        number(row.streams, 0),
        row.tool,
        cell(row.ttftMeanErrorMs, 1),
        cell(row.ttftP99ErrorMs, 1),
        cell(row.tpotErrorMs, 3),
        cell(row.cpuUsPerToken, 1),
        number(row.cpuShare.median, 2),
        number(row.peakBytes?.median / 1e6, 0),
      ]),
  );
}

export function streamMemorySection(rows) {
  const tools = [...new Set(rows.map(({ tool }) => tool))];
  const peak = (tool, streams) =>
    rows.find((row) => row.tool === tool && row.streams === streams)?.peakBytes?.median;
  return table(
    ['client', 'MB an open stream (1,000 against 10)'],
    tools.map((tool) => [tool, number((peak(tool, 1000) - peak(tool, 10)) / 990 / 1e6, 3)]),
  );
}

export function heldSection(rows) {
  return table(
    [
      'streams',
      'open at a time',
      'whole / lost / failed',
      'all begun within, s',
      'TTFT error mean / p99, ms',
      'CPU, µs a token',
      'meter processes, MB',
      'kB a stream there',
      'all of the run, MB',
    ],
    rows.map((row) => [
      number(row.streams, 0),
      number(row.held, 0),
      `${number(row.requests, 0)} / ${number(row.lost, 0)} / ${number(row.failed, 0)}`,
      number(row.upSeconds, 1),
      `${number(row.ttftMeanErrorMs, 1)} / ${number(row.ttftP99ErrorMs, 1)}`,
      number(row.cpuUsPerToken, 1),
      `${row.meters}: ${number(row.meterPeakBytes / 1e6, 0)}`,
      number(row.meterBytesPerStream / 1000, 1),
      number(row.peakBytes / 1e6, 0),
    ]),
  );
}

export function memorySection({ perVu, growth }) {
  const empty = byTool(perVu, 'empty script');
  const vus = table(
    [
      'script',
      'MB a VU',
      'against empty',
      ...perVu[0].peaks.map((peak) => `peak at ${number(peak.vus, 0)} VUs, MB`),
    ],
    perVu.map((row) => [
      row.tool,
      cell(row.perVuBytes, 3, 1e-6),
      number(ratio(row.perVuBytes?.median, empty?.perVuBytes?.median), 2),
      ...row.peaks.map(({ bytes }) => number(bytes.median / 1e6, 0)),
    ]),
  );
  const soak = table(
    ['script', 'requests', 'MB a million requests'],
    growth.map((row) => [row.tool, number(row.requests, 0), number(row.mbPerMillionRequests, 0)]),
  );
  return `${vus}\n\n${soak}`;
}

export function startupSection(rows) {
  return table(
    ['command', 'VUs', 'to the first request, s', 'peak memory, MB'],
    rows.map((row) => [
      `${row.tool}${row.dataset ?? ''}`,
      number(row.vus, 0),
      cell(row.firstRequestSeconds, 2),
      number(row.peakBytes?.median / 1e6, 0),
    ]),
  );
}

export function growthSection({ byVus, byTokens }) {
  const vus = table(
    ['VUs', 'requests/s', 'CPU, µs a request', 'bare: requests/s', 'bare: CPU, µs'],
    byVus.map(({ vus: count, ours, bare }) => [
      number(count, 0),
      number(ours.ratePerSec, 0),
      number(ours.cpuUsPerRequest, 0),
      number(bare.ratePerSec, 0),
      number(bare.cpuUsPerRequest, 0),
    ]),
  );
  const tokens = table(
    ['tokens an answer', 'tokens/s through the meter', 'CPU, µs a token'],
    byTokens.map((row) => [number(row.tokens, 0), number(row.tokensPerSec, 0), number(row.cpuUsPerToken, 2)]),
  );
  return `${vus}\n\n${tokens}`;
}

export function buildSection({ buildSeconds, bundles, report }) {
  const sizes = table(
    ['bundle', 'kB', 'kB, gzipped'],
    bundles.map(({ name, bytes, gzipBytes }) => [name, number(bytes / 1024, 0), number(gzipBytes / 1024, 0)]),
  );
  return `The build takes ${cell(buildSeconds, 2)} s. A report from ${number(report.bytes / 1e9, 2)} GB of k6's JSON output takes ${number(report.seconds, 1)} s and ${number(report.peakBytes / 1e6, 0)} MB; to parse each of its lines and do nothing else takes ${number(report.parseOnlySeconds, 1)} s.\n\n${sizes}`;
}
