// Writes what `npm run mutate` found, by room, into CONTRIBUTING.md: `node test/mutation/table.mjs`. Rooms that were not
// run here keep the row that they have.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const REPORTS = 'results/mutation';
const PAGE = 'CONTRIBUTING.md';
/** What stands between the marks is written here. */
const TABLE = /(?<=<!-- mutants -->\n)[^]*(?=<!-- end of mutants -->)/;

const page = readFileSync(PAGE, 'utf8');
const [before] = TABLE.exec(page) ?? [];
if (before === undefined)
  throw new Error(`${PAGE} has no marks <!-- mutants --> and <!-- end of mutants -->`);
const known = [...before.matchAll(/^\| (\w+) \| \d.*$/gm)].map(([row, room]) => [room, row]);
const found = readdirSync(REPORTS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const report = `${REPORTS}/${name}`;
    const { files } = JSON.parse(readFileSync(report, 'utf8'));
    const all = Object.values(files).flatMap(({ mutants }) => mutants);
    const count = (status) => all.filter((mutant) => mutant.status === status).length;
    const [noticed, lived, unreached] = ['Killed', 'Survived', 'NoCoverage'].map(count);
    const tried = noticed + lived + unreached;
    const percent = ((noticed / tried) * 100).toFixed(1);
    const day = statSync(report).mtime.toISOString().slice(0, 10);
    const room = name.slice(0, -'.json'.length);
    const cells = [room, tried, noticed, lived, unreached, `${percent} %`, count('Ignored'), day];
    return [room, `| ${cells.join(' | ')} |`];
  });
const rows = [...new Map([...known, ...found])].sort().map(([, row]) => row);
const table = [
  '',
  '| room | changes | noticed | lived | no test gets there | noticed, share | not tried | on |',
  '|---|---:|---:|---:|---:|---:|---:|---|',
  ...rows,
  '',
  '',
].join('\n');
writeFileSync(PAGE, page.replace(TABLE, table));
