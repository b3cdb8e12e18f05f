// The bars that the project sets itself, each beside what was measured.
import { byTool, number, ratio, table } from './format.mjs';

/** @returns [{what, bar, measured, met: true | false | null}] */
export function judgeBars({ blocking, streaming, truth, memory, startup }) {
  const at = (name, tool, row = byTool(blocking, tool)) => row?.[name]?.median;
  const error = (streams, name, tool = 'k6-llm') =>
    absolute(truth?.find((row) => row.tool === tool && row.streams === streams)?.[name]?.median);
  const cpu = ratio(at('cpuUsPerRequest', 'k6-llm baseline'), at('cpuUsPerRequest', 'bare http.post'));
  const wall = ratio(at('ratePerSec', 'bare http.post'), at('ratePerSec', 'k6-llm baseline'));
  const stream = (tool) => byTool(streaming, tool)?.tokensPerSec.median;
  const perVu = (tool) => byTool(memory?.perVu, tool)?.perVuBytes?.median;
  const soak = byTool(memory?.growth, 'k6-llm baseline')?.mbPerMillionRequests;
  const first = startup?.find((row) => row.tool === 'k6-llm' && row.vus === 100)?.firstRequestSeconds?.median;
  return [
    atMost('blocking: k6 CPU a request, against a bare `http.post` loop', 2.8, cpu, ' times', wallNote(wall)),
    atLeast(
      'blocking: requests/s, against Locust',
      3.3,
      ratio(at('ratePerSec', 'k6-llm baseline'), at('ratePerSec', 'locust')),
      ' times',
      limitNote(
        'the bare loop',
        ratio(at('ratePerSec', 'bare http.post'), at('ratePerSec', 'locust')),
        ' times',
      ),
    ),
    atLeast(
      'streaming through `sse`, against a script that parses each event',
      1.6,
      ratio(stream('k6-llm sse'), stream('xk6-sse script')),
      ' times',
    ),
    atLeast(
      'meter: streamed tokens/s at no delay, against Locust',
      1,
      ratio(stream('k6-llm meter'), stream('locust')),
      ' times',
    ),
    atMost('TTFT error at 100 streams, mean', 2, error(100, 'ttftMeanErrorMs'), ' ms'),
    atMost('TTFT error at 400 streams, mean', 3, error(400, 'ttftMeanErrorMs'), ' ms'),
    atMost('TTFT error at 1,000 streams, mean', 5, error(1000, 'ttftMeanErrorMs'), ' ms'),
    atMost(
      "TTFT error at 1,000 streams, against xk6-sse's",
      0.1,
      ratio(error(1000, 'ttftMeanErrorMs'), error(1000, 'ttftMeanErrorMs', 'xk6-sse script')),
      ' times',
    ),
    atMost('TPOT error at 400 streams, mean', 0.2, error(400, 'tpotErrorMs'), ' ms'),
    atMost(
      'CPU a streamed token at 400 streams, all client processes',
      15,
      error(400, 'cpuUsPerToken'),
      ' µs',
      limitNote('Locust', error(400, 'cpuUsPerToken', 'locust'), ' µs'),
    ),
    atMost(
      'memory a VU, blocking bundle, against an empty script',
      2,
      ratio(perVu('k6-llm'), perVu('empty script')),
      ' times',
      limitNote('bare `http.post`', ratio(perVu('bare http.post'), perVu('empty script')), ' times'),
    ),
    atMost('soak: memory growth a million requests', 400, soak, ' MB'),
    atMost('first request after `k6 run`, 100 VUs', 1, first, ' s'),
  ];
}

export function barTable(results) {
  const rows = judgeBars(results).map(({ what, bar, measured, met }) => [
    what,
    bar,
    measured,
    met === null ? 'not run' : met ? 'met' : '**not met**',
  ]);
  return table(['what', 'bar', 'measured', ''], rows);
}

function atMost(what, limit, value, unit, note = '') {
  return judged(what, `≤ ${number(limit, digitsOf(limit))}${unit}`, value, (measured) => measured <= limit, {
    unit,
    note,
  });
}

function atLeast(what, limit, value, unit, note = '') {
  return judged(what, `≥ ${number(limit, digitsOf(limit))}${unit}`, value, (measured) => measured >= limit, {
    unit,
    note,
  });
}

function judged(what, bar, value, isMet, { unit, note }) {
  const known = value !== null && value !== undefined && Number.isFinite(value);
  return {
    what,
    bar,
    measured: known ? `${number(value, 2)}${unit}${note}` : 'not run',
    met: known ? isMet(value) : null,
  };
}

function digitsOf(limit) {
  return Number.isInteger(limit) ? 0 : 1;
}

function wallNote(wall) {
  return wall === null ? '' : ` (wall clock: ${number(wall, 1)} times fewer requests/s)`;
}

/** What another client reaches in the same run. */
function limitNote(who, value, unit) {
  return value === null || value === undefined ? '' : ` (${who}: ${number(value, 1)}${unit})`;
}

function absolute(value) {
  return value === undefined || value === null ? null : Math.abs(value);
}
