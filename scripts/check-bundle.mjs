import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What every VU evaluates of the library and of our own scenarios. */
const MAX_CODE_BYTES = 64 * 1024;
/** What is evaluated once a run, or by a VU that needs it: docs/decisions/0001-lazy-parts-of-a-bundle.md. */
const MAX_LAZY_BYTES = 360 * 1024;
const MAX_DATA_BYTES = 32 * 1024;

/** What k6 calls; a scenario without one of them runs, and misses what it does. */
const EXPORTS = ['default', 'options', 'setup', 'handleSummary', 'scrape'];

/**
 * What a bundle weighs, and what makes it unfit for k6, one line each; none when it is fit. A scenario of somebody's
 * own may be as heavy as its author likes: he is told.
 *
 * @param {{file: string, output: {bytes: number, exports: string[], inputs: Record<string, {bytesInOutput: number}>, imports: {path: string}[]}, library: string, sizes: {lazyBytes: number, dataBytes: number}, allowedUrls: RegExp | null, isOurs: boolean}} bundle
 */
export async function checkBundle({ file, output, library, sizes, allowedUrls, isOurs }) {
  const name = path.basename(file);
  const faults = [];
  for (const { path: imported } of output.imports) {
    if (imported === 'k6' || imported.startsWith('k6/') || allowedUrls?.test(imported)) continue;
    faults.push(`${name}: imports ${imported}; only k6's own modules may stay outside a bundle`);
  }
  const code = await readFile(file, 'utf8');
  for (const [, global] of code.matchAll(/__forbidden_(\w+)/g)) {
    faults.push(`${name}: uses the global ${global}, which k6 does not have`);
  }
  if (/\(\?<[A-Za-z]/.test(code))
    faults.push(`${name}: has a named group in a regular expression; k6 1.x ignores them`);
  const weight = weigh(output, library, sizes);
  if (weight.libraryBytes > 0) {
    const missing = EXPORTS.filter((wanted) => !output.exports.includes(wanted));
    if (missing.length > 0) {
      faults.push(
        `${name}: does not export ${missing.join(', ')}; write export const { options, setup, handleSummary, scrape } = scenario; export default scenario;`,
      );
    }
  }
  const limits = [
    ['code that every VU evaluates', weight.codeBytes, MAX_CODE_BYTES],
    ['code evaluated on demand', weight.lazyBytes, MAX_LAZY_BYTES],
    ['data', weight.dataBytes, MAX_DATA_BYTES],
  ];
  for (const [what, size, budget] of isOurs ? limits : []) {
    if (size > budget) faults.push(`${name}: ${size} bytes of ${what}; the budget is ${budget}`);
  }
  return { weight, faults: [...new Set(faults)] };
}

/** Of the library, the part that is evaluated on demand and its data are known beforehand. */
function weigh({ inputs }, library, sizes) {
  const entries = Object.entries(inputs).map(([input, { bytesInOutput }]) => [
    path.resolve(input),
    bytesInOutput,
  ]);
  const sum = (wanted) =>
    entries.filter(([input]) => wanted(input)).reduce((total, [, bytes]) => total + bytes, 0);
  const libraryBytes = sum((input) => input === library);
  const { lazyBytes, dataBytes } = libraryBytes === 0 ? { lazyBytes: 0, dataBytes: 0 } : sizes;
  const ownData = sum((input) => input.endsWith('.json'));
  const ownCode = sum((input) => input !== library && !input.endsWith('.json'));
  return {
    libraryBytes,
    ownBytes: ownCode + ownData,
    codeBytes: libraryBytes - lazyBytes - dataBytes + ownCode,
    lazyBytes,
    dataBytes: dataBytes + ownData,
  };
}
