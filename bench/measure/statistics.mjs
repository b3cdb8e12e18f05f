// How often what is said of differences is right: pairs of runs of which the truth is known, judged by the project's
// own code. Writes bench/measure/statistics.json and the tables of docs/methodology.md. Seeded: it comes out the same.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTs } from '../../scripts/import-ts.mjs';
import { comparedRun } from '../statistics/compared-run.mjs';
import { NAMED, PAIRS, RATES, SINGLE, STEADY } from '../statistics/questions.mjs';
import { statisticsTables } from '../statistics/tables.mjs';
import { randomFrom } from '../statistics/worlds.mjs';

const root = path.join(import.meta.dirname, '../..');
const PAGE = path.join(root, 'docs/methodology.md');
const BETWEEN = /(<!-- statistics -->\n)[^]*(<!-- end of statistics -->)/;

/** Measures, prints, writes. Fails (exit 1) where what the docs promise does not hold. */
export async function measureStatistics({ mode, say }) {
  const repeats = mode === 'quick' ? 40 : 200;
  const runs = mode === 'quick' ? 100 : 2000;
  const code = await importTs('bench/statistics/asked.ts');
  const intervals = SINGLE.flatMap((question) => coverage(question, { code, runs, say }));
  const rates = RATES.map((question) => coverageOfRates(question, { code, runs, say }));
  const trends = STEADY.map((question) => drifting(question, { code, runs, say }));
  const pairs = PAIRS.map((question) => judged(question, { code, repeats, say }));
  const named = NAMED.map((question) => judged(question, { code, repeats: 20, say }));
  const result = { repeats, runs, intervals, rates, trends, pairs, named };
  const broken = brokenPromises(result);
  for (const line of broken) say(`NOT AS PROMISED: ${line}`);
  if (broken.length > 0) process.exitCode = 1;
  if (mode === 'quick') return;
  await writeFile(path.join(root, 'bench/measure/statistics.json'), `${JSON.stringify(result, null, 2)}\n`);
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, page.replace(BETWEEN, `$1\n${statisticsTables(result)}\n$2`));
  say('wrote bench/measure/statistics.json and docs/methodology.md');
}

const PERCENTILES = [0.5, 0.95, 0.99];

/** Long runs are fewer: they take most of the time. */
const runsOf = (count, runs) => Math.ceil(runs / (count > 20_000 ? 4 : count > 2000 ? 2 : 1));

/** Of runs of one world: how often an interval is claimed for each percentile, and how often it holds the truth. */
function coverage({ world, count }, { code, runs, say }) {
  const rows = PERCENTILES.map((q) => ({ world: world.name, count, q, ...tally(world.quantile(q)) }));
  for (let repeat = 0; repeat < runsOf(count, runs); repeat += 1) {
    const run = comparedRun(world.requests(randomFrom(1 + repeat * 7919), count));
    for (const [index, interval] of code.latencyIntervals(run, PERCENTILES).entries())
      add(rows[index], interval);
  }
  for (const { q, runs: all, claimed, right } of rows)
    say(`${world.name}, ${count} requests, p${q * 100}: claimed ${claimed} of ${all}, right ${right}`);
  return rows;
}

/** The same of error rates. */
function coverageOfRates({ world, count }, { code, runs, say }) {
  const row = { world: world.name, count, ...tally(world.failureRatio) };
  for (let repeat = 0; repeat < runsOf(count, runs); repeat += 1)
    add(row, code.errorInterval(comparedRun(world.requests(randomFrom(1 + repeat * 7919), count))));
  say(`${world.name}, ${count} requests, errors: claimed ${row.claimed} of ${row.runs}, right ${row.right}`);
  return row;
}

/** How often a steady server is said to drift. */
function drifting({ world, count }, { code, runs, say }) {
  const row = { world: world.name, count, runs: runsOf(count, runs), told: 0, drifts: 0 };
  for (let repeat = 0; repeat < row.runs; repeat += 1) {
    const requests = world.requests(randomFrom(1 + repeat * 7919), count);
    const found = code.hasDrift(requests.map(({ atMs, latencyMs }) => ({ atMs, value: latencyMs })));
    if (found !== null) row.told += 1;
    if (found) row.drifts += 1;
  }
  say(`${world.name}, ${count} requests: drift told in ${row.told} of ${row.runs}, wrongly in ${row.drifts}`);
  return row;
}

const tally = (truth) => ({ truth, runs: 0, claimed: 0, right: 0 });

function add(row, interval) {
  row.runs += 1;
  if (interval === null) return;
  row.claimed += 1;
  if (interval.low <= row.truth && row.truth <= interval.high) row.right += 1;
}

/** Of pairs of runs: the gate's answers, and how often the interval of the difference holds the truth. */
function judged({ first, second, count, rule, goodMs, isChanged = false }, { code, repeats, say }) {
  const answers = { broken: 0, held: 0, undecided: 0 };
  let [claimed, right] = [0, 0];
  const truth = isChanged ? null : 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const random = randomFrom(77 + repeat * 1009);
    const a = comparedRun(first.requests(random, count), { goodMs });
    const b = comparedRun(second.requests(random, count), { goodMs });
    const { state, interval } = code.judgePair(a, b, rule);
    answers[state] += 1;
    if (interval === null) continue;
    claimed += 1;
    if (truth !== null && interval.low <= truth && truth <= interval.high) right += 1;
  }
  const name = first.name === second.name ? first.name : `${first.name} → ${second.name}`;
  say(
    `${name}, ${count} requests, ${rule}: broken ${answers.broken}, held ${answers.held}, undecided ${answers.undecided} of ${repeats}`,
  );
  return { name, count, rule, repeats, ...answers, claimed, right: truth === null ? null : right };
}

/** Where fewer runs than this claim an interval, what is asked is that hardly any claims a wrong one. */
const FEW_CLAIMS = 0.05;
const FEW_WRONG = 0.01;

function brokenPromises({ intervals, rates, trends, pairs, named }) {
  // What chance alone makes of a true 93 %, 97 % and 5 %, in 39 of 40 cells.
  const slack = (ratio, of) => 1.96 * Math.sqrt((ratio * (1 - ratio)) / of);
  const isHonest = ({ runs, claimed, right }) =>
    claimed < FEW_CLAIMS * runs
      ? (claimed - right) / runs <= FEW_WRONG
      : right / claimed >= 0.93 - slack(0.93, claimed) && right / claimed <= 0.97 + slack(0.97, claimed);
  return [
    ...intervals
      .filter((row) => !isHonest(row))
      .map(({ world, count, q }) => `the interval of p${q * 100} of ${count} requests, ${world}`),
    ...rates
      .filter((row) => !isHonest(row))
      .map(({ world, count }) => `the interval of the error rate of ${count} requests, ${world}`),
    ...trends
      .filter(({ drifts, runs }) => drifts / runs > 0.05 + slack(0.05, runs))
      .map(({ world, count }) => `drift of ${count} requests, ${world}`),
    ...pairs
      .filter(({ broken, repeats }) => broken / repeats > 0.05 + slack(0.05, repeats))
      .map(({ name, count, rule }) => `false alarms of ${rule}, ${count} requests, ${name}`),
    ...named
      .filter(({ broken }) => broken < 20)
      .map(({ name, count, rule }) => `seeing ${rule}, ${count} requests, ${name}`),
  ];
}
