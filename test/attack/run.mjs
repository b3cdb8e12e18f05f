// Attacks on the meter, the tools and the launcher: a hostile server, hostile inputs, faults of the environment. Not a part
// of `npm test`. All of it on loopback and bounded; a few minutes.
//
//   npm run attack                      all kinds
//   npm run attack -- budget front      two kinds: framing breaks absurd front key budget injections files environment streams
//   npm run attack -- streams --streams-sec 300
import { importTs } from '../../scripts/import-ts.mjs';
import { readFlags } from '../../scripts/read-flags.mjs';

const { values, positionals } = readFlags(import.meta.filename, {
  allowPositionals: true,
  options: { 'streams-sec': { type: 'string', default: '20' } },
});
const { runAttacks } = await importTs('test/attack/kinds.ts');
const fell = await runAttacks(positionals, { streamsSec: Number(values['streams-sec']) });
process.exit(fell === 0 ? 0 : 1);
