// Writes docs/performance.md and its plots from results.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barTable } from './bars.mjs';
import { number, table } from './format.mjs';
import { plotCpu, plotTtft } from './plots.mjs';
import {
  blockingSection,
  buildSection,
  growthSection,
  memorySection,
  startupSection,
  streamingSection,
  streamMemorySection,
  truthSection,
} from './sections.mjs';

const docs = path.join(import.meta.dirname, '../../docs');

/** @returns the page's path. */
export async function writePage(results) {
  const { measured } = results;
  if (measured.truth !== undefined) {
    await mkdir(path.join(docs, 'images'), { recursive: true });
    await plotTtft(measured.truth, path.join(docs, 'images/performance-ttft.svg'));
    await plotCpu(measured.truth, path.join(docs, 'images/performance-cpu.svg'));
  }
  const file = path.join(docs, 'performance.md');
  await writeFile(file, `${page(results)}\n`);
  return file;
}

function page({ machine, measured, minutes, quick, othersRatio }) {
  const parts = [
    '<!-- Written by npm run bench from bench/results.json; edit bench/report/ instead. -->',
    '# Performance',
    `How fast and how true the toolkit is, beside the tools that people use today: the same work, the same server, the same machine, in turns within one run. \`npm run bench\` repeats all of it in ${number(minutes, 0)} minutes; \`--only truth,blocking\` repeats parts, \`--quick\` tells whether it works.`,
    quick ? '**These are figures of a quick run: too short to be trusted.**' : '',
    machineSection(machine),
    othersText(othersRatio),
    '## Against the bars',
    'Errors are by how much a figure differs from what the server itself recorded; a ratio is of medians in this run.',
    barTable(measured),
    ...section(measured.blocking, 'Blocking requests, no server delay', BLOCKING, blockingSection),
    ...section(measured.streaming, 'Streamed tokens, no server delay', STREAMING, streamingSection),
    ...section(measured.truth, 'Truth', TRUTH, truthSection),
    ...section(measured.truth, 'Memory of a stream', STREAM_MEMORY, streamMemorySection),
    ...section(measured.memory, 'Memory of a VU, and of a long run', MEMORY, memorySection),
    ...section(measured.startup, 'Start-up', STARTUP, startupSection),
    ...section(measured.growth, 'Growth', GROWTH, growthSection),
    ...section(measured.build, 'Build and report', '', buildSection),
    '## What each change bought',
    'Decision 0080 tells what was tried, what it bought, and what did not help.',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function section(measured, title, text, render) {
  if (measured === undefined) return [`## ${title}`, 'Not run.'];
  return [`## ${title}`, text, render(measured)];
}

function machineSection(machine) {
  const versions = Object.entries(machine.versions).map(([name, version]) => [
    name,
    version ?? 'none here: what needs it was not run',
  ]);
  return [
    `${machine.date}. ${machine.cpu}, ${machine.cores} cores that the clients share with the server, ${machine.memoryGb} GB, Linux ${machine.kernel}; load average before the run ${machine.loadAverage}. In brackets: the lowest and the highest of the rounds, where there were several.`,
    table(['tool', 'version'], versions),
  ].join('\n\n');
}

/** Beyond this share of the cores, what others do is in the figures. */
const DISTURBED_RATIO = 0.03;

function othersText(ratios) {
  const disturbed = Object.entries(ratios).filter(([, ratio]) => ratio > DISTURBED_RATIO);
  if (disturbed.length === 0) return 'Nothing else used the machine.';
  const shares = disturbed.map(([name, ratio]) => `${name} ${number(ratio * 100, 0)} %`);
  return `**Others used the machine too**: ${shares.join(', ')} of the cores while it was measured. Ratios hold better than figures, and errors of a few ms may not be the tool's.`;
}

const BLOCKING =
  '20 users without pauses against a server that answers at once with a body of 64 tokens. Rate and CPU are of the steady part of each run, by the count of the server. `k6-llm baseline` is `k6 run dist/baseline.js`, with every metric, check, threshold and dollar; the bare loop is `http.post` and nothing else on the same k6; Locust is one process of its faster client (`FastHttpUser`).';
const STREAMING =
  "20 users without pauses, 64 tokens an answer, each in an event of its own, sent at once. `k6-llm meter` is `k6-llm run --stream`: launcher, meter and k6 together. Locust parses each event's JSON, as does the xk6-sse script. Rows that need a k6 with `k6/x/sse` are there only when the run was given one (`K6_BIN` or `K6_SSE_BIN`).";
const TRUTH =
  "TTFT 200 ms, 20 ms between tokens, 64 tokens an answer, six answers one after the other on each stream. All streams start at once and stay in step, which is the worst case. What each tool says is held against the mock's own record of the same requests: arrival of the request, write of the first token, write of the last. So an error holds everything between the server's socket and the tool's stamp, and all that the tool itself makes the machine do. CPU is of all processes of a client, from the first request to the last answer.\n\n![Error of mean TTFT](images/performance-ttft.svg)\n\n![CPU a streamed token](images/performance-cpu.svg)";
const STREAM_MEMORY = 'Most memory of all processes of a client in the runs above.';
const MEMORY =
  'Slope of the most memory over the number of VUs, each sending a request every 2 s; the empty script only sleeps. Below: the growth of the live heap, after a collection each second, of 20 VUs without pauses.';
const STARTUP =
  'From the command to the first request of the load. Ours comes after setup: the server was asked for its models and for one answer. `k6-llm run` with a data set reads all of it and hands k6 a small copy.';
const GROWTH =
  'CPU a request against users, CPU a token against the length of an answer; against streams it is in the tables above. Where two cores are full the rate stops growing, and users only wait longer.';
