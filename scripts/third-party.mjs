import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesIn } from './files-in.mjs';

const root = path.dirname(import.meta.dirname);

/**
 * The page of the licences of what is bundled: bundles drop legal comments.
 *
 * @param {Iterable<string>} inputs of all bundles, as esbuild's metafiles name them.
 * @returns {Promise<string>}
 */
export async function thirdPartyPage(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll(path.sep, '/'));
    if (found !== null) folders.add(path.resolve(root, found[0]));
  }
  const packages = await Promise.all([...folders].map(describe));
  packages.sort((a, b) => a.name.localeCompare(b.name));
  return [
    '# Third-party software in this package',
    '',
    'Written by the build from what its bundles hold. Each stands under its own licence, as follows.',
    '',
    ...packages.flatMap(({ name, version, license, texts }) => [
      `## ${name} ${version} (${license})`,
      '',
      ...texts.flatMap((text) => ['```', text.trim().replaceAll('```', "'''"), '```', '']),
    ]),
  ].join('\n');
}

async function describe(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const licences = (await filesIn(folder))
    .filter((file) => !file.includes('node_modules') && LICENCE.test(file))
    .sort();
  const texts = await Promise.all(licences.map((file) => readFile(path.join(folder, file), 'utf8')));
  if (texts.length === 0) texts.push(...(await kin(folder)));
  if (texts.length === 0 && license === 'Apache-2.0')
    texts.push('Its text is in LICENSE, beside this file’s folder.');
  if (texts.length === 0) throw new Error(`${name}: has no licence file, so it may not be bundled`);
  return { name, version, license, texts };
}

/** `LICENSE`, `NOTICE`, and what lies in a folder of that name. */
const LICENCE = /^(licen[cs]e|notice|copying)[^/\\]*([/\\][^/\\]+)?$/i;

/** A package whose licence is told in its README alone. */
async function kin(folder) {
  const readme = path.join(folder, 'README.md');
  if (!existsSync(readme)) return [];
  const text = await readFile(readme, 'utf8');
  const at = text.search(/^#+\s*licen[cs]e/im);
  return at === -1 ? [] : [text.slice(at)];
}
