// docs/interop.md, from what a run of npm run interop found.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, '../docs/interop.md');

export async function writePage(sections) {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(
    FILE,
    `<!-- Written by npm run interop; edit interop/page.mjs instead. -->

# On other people's servers

\`npm run interop\` installs servers that nobody here wrote (LiteLLM's proxy, GuideLLM's mock server, llama.cpp's
server compiled from source with a model of random weights), starts each on loopback, runs scenarios against it, and
compares our figures with what the server says itself: its counters, its log, its configured delays. It is not part
of \`npm test\`: the first time it installs and compiles for some minutes, into \`~/.cache/k6-llm/interop\`.

This page is its last result, of ${date}. Times are those of a small machine that also ran k6 and the meter: they show
that two clocks agree, not how fast a server is.

${sections.map(sectionOf).join('\n')}`,
  );
}

function sectionOf({ server, runs }) {
  const rows = runs.flatMap(({ name, results }) =>
    results.map(
      ({ what, ours, theirs, ok, rule }, index) =>
        `| ${index === 0 ? name : ''} | ${what} | ${show(ours)} | ${show(theirs)} | ${ok ? rule : `**not ${rule}**`} |`,
    ),
  );
  return `## ${server.name} ${server.version}

${server.about}.

| run | figure | ours | its own | |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function show(value) {
  if (value === null) return '–';
  if (typeof value === 'string') return value.replaceAll('|', '\\|').slice(0, 160);
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(5)));
}
