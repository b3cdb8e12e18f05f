import { readFile } from 'node:fs/promises';

const MAX_CODE_BYTES = 160 * 1024;
const MAX_DATA_BYTES = 32 * 1024;

/**
 * What makes a bundle unfit for k6, one line each; empty when it is fit.
 *
 * @param {{file: string, output: {bytes: number, inputs: Record<string, {bytesInOutput: number}>, imports: {path: string}[]}, allowedUrl: string | null}} bundle
 * @returns {Promise<string[]>}
 */
export async function checkBundle({ file, output, allowedUrl }) {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const problems = [];
  for (const { path } of output.imports) {
    if (path === 'k6' || path.startsWith('k6/') || path === allowedUrl) continue;
    problems.push(`${name}: imports ${path}; only k6's own modules may stay outside a bundle`);
  }
  const code = await readFile(file, 'utf8');
  for (const [, global] of code.matchAll(/__forbidden_(\w+)/g)) {
    problems.push(`${name}: uses the global ${global}, which k6 does not have`);
  }
  if (/\(\?<[A-Za-z]/.test(code))
    problems.push(`${name}: has a named group in a regular expression; k6 1.x ignores them`);
  const dataBytes = Object.entries(output.inputs)
    .filter(([input]) => input.endsWith('.json'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const codeBytes = output.bytes - dataBytes;
  if (codeBytes > MAX_CODE_BYTES)
    problems.push(`${name}: ${codeBytes} bytes of code; the budget is ${MAX_CODE_BYTES}`);
  if (dataBytes > MAX_DATA_BYTES)
    problems.push(`${name}: ${dataBytes} bytes of data; the budget is ${MAX_DATA_BYTES}`);
  return [...new Set(problems)];
}
