/** The tables of docs/methodology.md, from what was measured. */
export function statisticsTables({ repeats, intervals, pairs, named }) {
  return [
    `Made-up servers whose truth is known, ${repeats} runs or pairs each, seeded (\`npm run bench -- --only statistics\`). Queues`,
    'are M/M/1 in their steady state; AR(1) is the logarithm of latency. A share in brackets rests on fewer than a fifth of the',
    'runs: only those that look calmest claim an interval there.',
    '',
    '**Intervals of one run**: the share of runs that claim one, and how many of these hold the true value (95 % is asked).',
    '',
    '| server | requests | p50 | p95 | p99 |',
    '|---|---:|---:|---:|---:|',
    ...byRun(intervals).map(
      ([first, ...rest]) =>
        `| ${first.world} | ${count(first.count)} | ${[first, ...rest].map((row) => claim(row, repeats)).join(' | ')} |`,
    ),
    '',
    '**Nothing changed**: every `broken` is a false alarm (5 % at most is promised).',
    '',
    '| both runs | requests | rule | broken | undecided | held |',
    '|---|---:|---|---:|---:|---:|',
    ...pairs.map(
      (row) =>
        `| ${row.name} | ${count(row.count)} | \`${row.rule}\` | ${['broken', 'undecided', 'held'].map((state) => percent(row[state] / row.repeats)).join(' | ')} |`,
    ),
    '',
    '**Something changed**: how many of 20 pairs break the rule.',
    '',
    '| first → second | requests | rule | seen |',
    '|---|---:|---|---:|',
    ...named.map(
      (row) => `| ${row.name} | ${count(row.count)} | \`${row.rule}\` | ${row.broken} of ${row.repeats} |`,
    ),
    '',
  ].join('\n');
}

function byRun(intervals) {
  const rows = new Map();
  for (const row of intervals) {
    const key = `${row.world} ${row.count}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return [...rows.values()];
}

function claim({ claimed, right }, repeats) {
  if (claimed === 0) return 'none';
  const text = `${percent(claimed / repeats)}, ${percent(right / claimed)} right`;
  return claimed < repeats / 5 ? `(${text})` : text;
}

const percent = (ratio) => `${Math.round(ratio * 1000) / 10} %`;
const count = (number) => number.toLocaleString('en');
