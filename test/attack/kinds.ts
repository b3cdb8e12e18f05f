import { attackAll, type AttackKind, type KindResult } from './attack.ts';
import { environmentAttacks } from './environment.ts';
import { budgetAttacks, frontAttacks, keyAttacks } from './front.ts';
import { fileAttacks, injectionAttacks } from './inputs.ts';
import { streamAttacks } from './streams.ts';
import { absurdAttacks, breakAttacks, framingAttacks } from './wire.ts';

type Opening = { word: string; open: () => AttackKind | Promise<AttackKind> };

/** Every kind, by the word that asks for it. */
function kindsOf({ streamsSec }: { streamsSec: number }): readonly Opening[] {
  return [
    { word: 'framing', open: framingAttacks },
    { word: 'breaks', open: breakAttacks },
    { word: 'absurd', open: absurdAttacks },
    { word: 'front', open: frontAttacks },
    { word: 'key', open: keyAttacks },
    { word: 'budget', open: budgetAttacks },
    { word: 'injections', open: injectionAttacks },
    { word: 'files', open: fileAttacks },
    { word: 'environment', open: environmentAttacks },
    { word: 'streams', open: () => streamAttacks(streamsSec) },
  ];
}

/** Runs the kinds asked for, all of them when none is, and prints their table. @returns how many attacks fell. */
export async function runAttacks(words: readonly string[], options: { streamsSec: number }): Promise<number> {
  const results: KindResult[] = [];
  for (const { word, open } of kindsOf(options)) {
    if (words.length > 0 && !words.includes(word)) continue;
    const kind = await open();
    const result = await attackAll(kind);
    results.push(result);
    console.log(rowOf(result, word));
    for (const fallen of result.fallen) console.log(`  fell: ${fallen}`);
  }
  const tried = results.reduce((sum, result) => sum + result.tried, 0);
  const fell = results.reduce((sum, { fallen }) => sum + fallen.length, 0);
  console.log(`\n| ways | tried | held |\n| --- | ---: | ---: |`);
  for (const { kind, tried: own, fallen } of results)
    console.log(`| ${kind} | ${own} | ${own - fallen.length} |`);
  console.log(`| all | ${tried} | ${tried - fell} |`);
  return fell;
}

function rowOf({ kind, tried, fallen }: KindResult, word: string): string {
  return `${fallen.length === 0 ? 'held' : 'FELL'}  ${word.padEnd(12)} ${tried - fallen.length} of ${tried}  ${kind}`;
}
