// How often what is said of differences is right: pairs of runs of which the truth is known, judged by the project's
// own code. Writes bench/measure/statistics.json and the tables of docs/methodology.md. Seeded: it comes out the same.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTs } from '../../scripts/import-ts.mjs';
import { comparedRun } from '../statistics/compared-run.mjs';
import { NAMED, PAIRS, SINGLE } from '../statistics/questions.mjs';
import { statisticsTables } from '../statistics/tables.mjs';
import { randomFrom } from '../statistics/worlds.mjs';

const root = path.join(import.meta.dirname, '../..');
const PAGE = path.join(root, 'docs/methodology.md');
const BETWEEN = /(<!-- statistics -->\n)[^]*(<!-- end of statistics -->)/;

/** Measures, prints, writes. Fails (exit 1) where what the docs promise does not hold. */
export async function measureStatistics({ mode, say }) {
  const repeats = mode === 'quick' ? 40 : 200;
  const code = await importTs('bench/statistics/asked.ts');
  const intervals = SINGLE.flatMap((question) => coverage(question, { code, repeats, say }));
  const pairs = PAIRS.map((question) => judged(question, { code, repeats, say }));
  const named = NAMED.map((question) => judged(question, { code, repeats: 20, say }));
  const result = { repeats, intervals, pairs, named };
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

/** Of runs of one world: how often an interval is claimed for each percentile, and how often it holds the truth. */
function coverage({ world, count }, { code, repeats, say }) {
  const rows = PERCENTILES.map((q) => ({ world: world.name, count, q, claimed: 0, right: 0 }));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const run = comparedRun(world.requests(randomFrom(1 + repeat * 7919), count));
    for (const [index, interval] of code.latencyIntervals(run, PERCENTILES).entries()) {
      if (interval === null) continue;
      const row = rows[index];
      const truth = world.quantile(row.q);
      row.claimed += 1;
      if (interval.low <= truth && truth <= interval.high) row.right += 1;
    }
  }
  for (const { q, claimed, right } of rows)
    say(`${world.name}, ${count} requests, p${q * 100}: claimed ${claimed} of ${repeats}, right ${right}`);
  return rows;
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

/** Fewer claims than this are too few to tell whether they are right. */
const MIN_CLAIMS = 0.2;

function brokenPromises({ repeats, intervals, pairs, named }) {
  // What chance alone leaves of a true 93 % and a true 5 %, in 19 of 20 benches.
  const slack = 1.65 * Math.sqrt((0.05 * 0.95) / repeats);
  return [
    ...intervals
      .filter(({ claimed, right }) => claimed > MIN_CLAIMS * repeats && right / claimed < 0.93 - slack)
      .map(({ world, count, q }) => `the interval of p${q * 100} of ${count} requests, ${world}`),
    ...pairs
      .filter(({ broken }) => broken / repeats > 0.05 + slack)
      .map(({ name, count, rule }) => `false alarms of ${rule}, ${count} requests, ${name}`),
    ...named
      .filter(({ broken }) => broken < 20)
      .map(({ name, count, rule }) => `seeing ${rule}, ${count} requests, ${name}`),
  ];
}
