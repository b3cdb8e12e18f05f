// Writes docs/performance.md and its plots from results.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barTable } from './bars.mjs';
import { number } from './format.mjs';
import { plotCpu, plotTtft } from './plots.mjs';
import {
  blockingSection,
  buildSection,
  growthSection,
  heldSection,
  memorySection,
  startupSection,
  streamingSection,
  streamMemorySection,
  truthSection,
} from './sections.mjs';

const docs = path.join(import.meta.dirname, '../../docs');

/** @returns the page's path. */
export async function writePage(results) {
  const drawn = results.machines.find(({ measured }) => measured.truth !== undefined);
  if (drawn !== undefined) {
    await mkdir(path.join(docs, 'images'), { recursive: true });
    const { name } = drawn.machine;
    await plotTtft(drawn.measured.truth, {
      machine: name,
      file: path.join(docs, 'images/performance-ttft.svg'),
    });
    await plotCpu(drawn.measured.truth, {
      machine: name,
      file: path.join(docs, 'images/performance-cpu.svg'),
    });
  }
  const file = path.join(docs, 'performance.md');
  await writeFile(file, `${page(results)}\n`);
  return file;
}

function page({ machines }) {
  const minutes = machines.find((one) => one.minutes !== null)?.minutes ?? null;
  const section = (name, title, text, render) => [`## ${title}`, ...bodyOf(machines, name, { text, render })];
  const parts = [
    '<!-- Written by npm run bench from bench/results.json; edit bench/report/ instead. -->',
    '# Performance',
    `How fast and how true the toolkit is, beside the tools that people use today: the same work, the same server, the same machine, in turns within one run. \`npm run bench\` repeats all of it${minutes === null ? '' : ` in ${number(minutes, 0)} minutes`}; \`--only truth,blocking\` repeats parts, \`--quick\` tells whether it works. Results of each kind of machine are kept side by side. In brackets: the lowest and the highest of the rounds, where there were several.`,
    CHECK,
    '## Against the bars',
    'Errors are by how much a figure differs from what the server itself recorded; a ratio is of medians in this run.',
    ...machines.flatMap(({ machine, measured }) => [`On ${machine.name}:`, barTable(measured)]),
    ...section('blocking', 'Blocking requests, no server delay', BLOCKING, blockingSection),
    ...section('streaming', 'Streamed tokens, no server delay', STREAMING, streamingSection),
    ...section('truth', 'Truth', TRUTH, truthSection),
    ...section('truth', 'Memory of a stream', STREAM_MEMORY, streamMemorySection),
    ...section('held', 'Many streams held', HELD, heldSection),
    ...section('memory', 'Memory of a VU, and of a long run', MEMORY, memorySection),
    ...section('startup', 'Start-up', STARTUP, startupSection),
    ...section('growth', 'Growth', GROWTH, growthSection),
    ...section('build', 'Build and report', '', buildSection),
    '## What each change bought',
    'Decision 0080 tells what was tried, what it bought, and what did not help.',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What one measurement gave, on each machine that it was taken on. */
function bodyOf(machines, name, { text, render }) {
  const having = machines.filter(({ measured }) => measured[name] !== undefined);
  if (having.length === 0) return ['Not run.'];
  return [
    text,
    ...having.flatMap(({ machine, taken, measured }) => [
      takenText(machine, taken[name]),
      render(measured[name]),
    ]),
  ];
}

/** Of figures: the machine, with what, when, and what else it did. */
function takenText({ name }, { date, kernel, loadAverage, versions, othersRatio, quick }) {
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version ?? 'none here'}`);
  const parts = [
    `On **${name}**, its cores shared with the server (kernel ${kernel}; ${tools.join(', ')}), ${date}; load average before it ${loadAverage}.`,
    quick ? '**These are figures of a quick run: too short to be trusted.**' : '',
    othersText(othersRatio),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Beyond this share of the cores, what others do is in the figures. */
const DISTURBED_RATIO = 0.03;

function othersText(ratio) {
  if (ratio === null || ratio <= DISTURBED_RATIO) return '';
  return `**Others used the machine too**: ${number(ratio * 100, 0)} % of the cores while it was measured. Ratios hold better than figures, and errors of a few ms may not be the tool's.`;
}

const CHECK =
  "`npm run bench -- --only truth --check` measures truth beside Locust, writes nothing, and fails where a figure of ours, as a ratio to Locust's in the same run, got worse than the committed one by more than the rounds of both runs differ (and by more than a seventh; against figures of another kind of machine, by more than half). Exit codes: 0 no worse, 1 worse, 3 not judged, because Locust or a committed figure is missing, which is said.";
const BLOCKING =
  '20 users without pauses against a server that answers at once with a body of 64 tokens. Rate and CPU are of the steady part of each run, by the count of the server. `k6-llm baseline` is `k6 run dist/baseline.js`, with every metric, check, threshold and dollar; the bare loop is `http.post` and nothing else on the same k6; Locust is one process of its faster client (`FastHttpUser`).';
const STREAMING =
  "20 users without pauses, 64 tokens an answer, each in an event of its own, sent at once. `k6-llm meter` is `k6-llm run --stream`: launcher, meter and k6 together. Locust parses each event's JSON, as does the xk6-sse script. Rows that need a k6 with `k6/x/sse` are there only when the run was given one (`K6_SSE_BIN=/path/to/k6`, or `K6_BIN`).";
const TRUTH =
  "TTFT 200 ms, 20 ms between tokens, 64 tokens an answer, six answers one after the other on each stream. All streams start at once and stay in step, which is the worst case. What each tool says is held against the mock's own record of the same requests: arrival of the request, write of the first token, write of the last. So an error holds everything between the server's socket and the tool's stamp, and all that the tool itself makes the machine do. CPU is of all processes of a client, from the first request to the last answer.\n\n![Error of mean TTFT](images/performance-ttft.svg)\n\n![CPU a streamed token](images/performance-cpu.svg)";
const STREAM_MEMORY = 'Most memory of all processes of a client in the runs above.';
const HELD =
  'One command, `k6-llm run --stream --shards N --meters auto`, holds so many streams at a token a second each, TTFT 1 s, all started together; server, meters and k6 on the same cores. Lost: streams that the server wrote whole and the run did not count as such. Memory of a stream in the meters: their most, less that of as many that carry nothing, by the streams that were open at a time.';
const MEMORY =
  'Slope of the most memory over the number of VUs, each sending a request every 2 s; the empty script only sleeps. Below: the growth of the live heap, after a collection each second, of 20 VUs without pauses.';
const STARTUP =
  'From the command to the first request of the load. Ours comes after setup: the server was asked for its models and for one answer. `k6-llm run` with a data set reads all of it and hands k6 a small copy.';
const GROWTH =
  'CPU a request against users, CPU a token against the length of an answer; against streams it is in the tables above. Where two cores are full the rate stops growing, and users only wait longer.';
