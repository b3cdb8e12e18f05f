// What `npm run mutate` found, by folder, as the table in CONTRIBUTING.md: `node test/mutation/table.mjs [REPORT.json…]`.
import { readFileSync } from 'node:fs';

const COUNTED = { Killed: 'killed', Timeout: 'killed', Survived: 'lives', NoCoverage: 'lives' };
const reports = process.argv.length > 2 ? process.argv.slice(2) : ['results/mutation/report.json'];
const folders = new Map();
for (const report of reports) {
  for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(report, 'utf8')).files)) {
    const folder = /^src\/lib\/([^/]+)/.exec(file)?.[1] ?? file;
    const counts = folders.get(folder) ?? { killed: 0, lives: 0 };
    folders.set(folder, counts);
    for (const { status } of mutants) if (status in COUNTED) counts[COUNTED[status]] += 1;
  }
}
console.log('| folder | mutants | killed |\n|---|---:|---:|');
for (const [folder, { killed, lives }] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const share = Math.round((killed / (killed + lives)) * 1000) / 10;
  console.log(`| ${folder} | ${killed + lives} | ${share} % |`);
}
