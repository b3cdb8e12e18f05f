// Writes what `npm run mutate` found, by folder, into CONTRIBUTING.md: `node test/mutation/table.mjs`.
import { readFileSync, statSync, writeFileSync } from 'node:fs';

/** What was tried last of every folder: Stryker keeps it from run to run. */
const REPORT = 'results/mutation/incremental.json';
const PAGE = 'CONTRIBUTING.md';
/** What stands between the marks is written here. */
const TABLE = /(?<=<!-- mutants -->\n)[^]*(?=<!-- end of mutants -->)/;

const NAMES = {
  Killed: 'killed',
  Timeout: 'killed',
  Survived: 'lived',
  NoCoverage: 'uncovered',
  Ignored: 'untried',
};
const folders = new Map();
for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(REPORT, 'utf8')).files)) {
  const folder = /^src\/lib\/([^/]+)/.exec(file)?.[1] ?? file;
  const counts = folders.get(folder) ?? { killed: 0, lived: 0, uncovered: 0, untried: 0 };
  folders.set(folder, counts);
  for (const { status } of mutants) if (status in NAMES) counts[NAMES[status]] += 1;
}
const rows = [...folders]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([folder, { killed, lived, uncovered, untried }]) => {
    const tried = killed + lived + uncovered;
    const share = ((killed / tried) * 100).toFixed(1);
    return `| \`${folder}\` | ${tried} | ${killed} | ${lived} | ${uncovered} | ${share} % | ${untried} |`;
  });
const day = statSync(REPORT).mtime.toISOString().slice(0, 10);
const table = [
  '',
  `| ${day} | mutants | killed | lived | not covered | killed, share | not tried |`,
  '|---|---:|---:|---:|---:|---:|---:|',
  ...rows,
  '',
  '',
].join('\n');
const page = readFileSync(PAGE, 'utf8');
if (!TABLE.test(page)) throw new Error(`${PAGE} has no marks <!-- mutants --> and <!-- end of mutants -->`);
writeFileSync(PAGE, page.replace(TABLE, table));
