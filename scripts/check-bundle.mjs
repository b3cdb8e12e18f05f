import { readFile } from 'node:fs/promises';

/** What every VU evaluates. */
const MAX_CODE_BYTES = 64 * 1024;
/** What is evaluated once a run, or by a VU that needs it: docs/decisions/0001-lazy-parts-of-a-bundle.md. */
const MAX_LAZY_BYTES = 256 * 1024;
const MAX_DATA_BYTES = 32 * 1024;

/**
 * What makes a bundle unfit for k6, one line each; empty when it is fit.
 *
 * @param {{file: string, output: {bytes: number, inputs: Record<string, {bytesInOutput: number}>, imports: {path: string}[]}, lazyData?: Map<string, number>, allowedUrl: string | null}} bundle
 * @returns {Promise<string[]>}
 */
export async function checkBundle({ file, output, lazyData = new Map(), allowedUrl }) {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const problems = [];
  for (const { path: imported } of output.imports) {
    if (imported === 'k6' || imported.startsWith('k6/') || imported === allowedUrl) continue;
    problems.push(`${name}: imports ${imported}; only k6's own modules may stay outside a bundle`);
  }
  const code = await readFile(file, 'utf8');
  for (const [, global] of code.matchAll(/__forbidden_(\w+)/g)) {
    problems.push(`${name}: uses the global ${global}, which k6 does not have`);
  }
  if (/\(\?<[A-Za-z]/.test(code))
    problems.push(`${name}: has a named group in a regular expression; k6 1.x ignores them`);
  const bytesOf = (wanted) =>
    Object.entries(output.inputs)
      .filter(([input]) => wanted(input))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const isLazy = (input) => input.startsWith('lazy:');
  const isData = (input) => input.endsWith('.json');
  // A part's data is data too, and no code.
  const dataInParts = Object.keys(output.inputs)
    .filter(isLazy)
    .reduce((sum, input) => sum + (lazyData.get(input.slice('lazy:'.length)) ?? 0), 0);
  const dataBytes = bytesOf(isData) + dataInParts;
  const codeBytes = bytesOf((input) => !isLazy(input) && !isData(input));
  const lazyBytes = bytesOf(isLazy) - dataInParts;
  const limits = [
    ['code that every VU evaluates', codeBytes, MAX_CODE_BYTES],
    ['code evaluated on demand', lazyBytes, MAX_LAZY_BYTES],
    ['data', dataBytes, MAX_DATA_BYTES],
  ];
  for (const [what, size, budget] of limits) {
    if (size > budget) problems.push(`${name}: ${size} bytes of ${what}; the budget is ${budget}`);
  }
  return [...new Set(problems)];
}
