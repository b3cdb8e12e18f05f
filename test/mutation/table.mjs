// Writes what `npm run mutate` found, by room, into CONTRIBUTING.md: `node test/mutation/table.mjs`.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const REPORTS = 'results/mutation';
const PAGE = 'CONTRIBUTING.md';
/** What stands between the marks is written here. */
const TABLE = /(?<=<!-- mutants -->\n)[^]*(?=<!-- end of mutants -->)/;

const rows = readdirSync(REPORTS)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => {
    const report = `${REPORTS}/${name}`;
    const { files } = JSON.parse(readFileSync(report, 'utf8'));
    const all = Object.values(files).flatMap(({ mutants }) => mutants);
    const count = (status) => all.filter((mutant) => mutant.status === status).length;
    const [noticed, lived, unreached] = ['Killed', 'Survived', 'NoCoverage'].map(count);
    const tried = noticed + lived + unreached;
    const percent = ((noticed / tried) * 100).toFixed(1);
    const day = statSync(report).mtime.toISOString().slice(0, 10);
    const cells = [name.slice(0, -'.json'.length), tried, noticed, lived, unreached, `${percent} %`];
    return `| ${[...cells, count('Ignored'), day].join(' | ')} |`;
  });
const table = [
  '',
  '| room | changes | noticed | lived | no test gets there | noticed, share | not tried | on |',
  '|---|---:|---:|---:|---:|---:|---:|---|',
  ...rows,
  '',
  '',
].join('\n');
const page = readFileSync(PAGE, 'utf8');
if (!TABLE.test(page)) throw new Error(`${PAGE} has no marks <!-- mutants --> and <!-- end of mutants -->`);
writeFileSync(PAGE, page.replace(TABLE, table));
