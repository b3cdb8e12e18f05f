import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * The flags of one of the project's own scripts, as `parseArgs` of node:util reads them. `--help` prints the comment with
 * which the script begins, and so does a word that it does not know, with exit code 2.
 *
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {string} script its file
 * @param {Config} config
 * @returns {ReturnType<typeof parseArgs<Config>>}
 */
export function readFlags(script, config) {
  const help = { type: 'boolean', short: 'h', default: false };
  try {
    const read = parseArgs({ ...config, options: { ...config.options, help } });
    if (!read.values.help) return read;
  } catch (error) {
    refuse(`${String(error.message).split('. ')[0]}\n\n${headOf(script)}`);
  }
  console.log(headOf(script));
  process.exit();
}

/** Ends the script: a word was wrong. */
export function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

/**
 * The names that were asked for: all that are known where none was, and none that is not.
 *
 * @param {readonly string[]} asked
 * @param {readonly string[]} known
 * @param {string} example a line that is right
 */
export function someOf(asked, known, example, flag = '') {
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined)
    refuse(`${flag}got "${unknown}"; expected some of ${known.join(', ')}; write ${example}`);
  return asked.length > 0 ? asked : known;
}

/** The comment at the top of a file, without its slashes. */
function headOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n');
}
