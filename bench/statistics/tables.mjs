/** The tables of docs/methodology.md, from what was measured. */
export function statisticsTables({ repeats, runs, intervals, rates, trends, pairs, named }) {
  return [
    `Made-up servers whose truth is known, seeded (\`npm run bench -- --only statistics\`): ${count(runs)} runs each (half as many of`,
    `40,000 requests), and ${repeats} pairs. Queues are M/M/1 in their steady state; AR(1) is the logarithm of latency. Chance alone`,
    `moves what is right by 1 percentage point in ${count(runs)} runs, and by 1.4 in half as many. A share in brackets rests on fewer than`,
    '5 % of the runs, those that happen to look calmest: how many of all runs claim wrongly is what counts there.',
    '',
    '**Intervals of one run**: the share of runs that claim one, and how many of these hold the true value (95 % is asked).',
    '',
    '| server | requests | p50 | p95 | p99 |',
    '|---|---:|---:|---:|---:|',
    ...byRun(intervals).map(
      (rows) => `| ${rows[0].world} | ${count(rows[0].count)} | ${rows.map(claim).join(' | ')} |`,
    ),
    '',
    '| server | requests | error rate |',
    '|---|---:|---:|',
    ...rates.map((row) => `| ${row.world} | ${count(row.count)} | ${claim(row)} |`),
    '',
    '**Steady servers**: the share of runs of which a drift of latency is told, or that there is none, and of all runs those that',
    'are said to drift (5 % at most is promised).',
    '',
    '| server | requests | told | said to drift |',
    '|---|---:|---:|---:|',
    ...trends.map(
      (row) =>
        `| ${row.world} | ${count(row.count)} | ${percent(row.told / row.runs)} | ${percent(row.drifts / row.runs)} |`,
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

function claim({ runs, claimed, right }) {
  if (claimed === 0) return 'none';
  if (claimed < runs / 20)
    return `(${percent(claimed / runs)}; wrong in ${percent((claimed - right) / runs)})`;
  return `${percent(claimed / runs)}, ${percent(right / claimed)} right`;
}

const percent = (ratio) => `${Math.round(ratio * 1000) / 10} %`;
const count = (number) => number.toLocaleString('en');
