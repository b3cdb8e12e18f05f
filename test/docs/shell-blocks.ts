import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';

/** One command of a code block: all of its lines, as they stand in the page. */
export type ShellCommand = {
  text: string;
  /** The same without its comment, on one line: how the table of circumstances names it. */
  key: string;
};

/** A code block of a page that a reader would paste into a shell. */
export type ShellBlock = { page: string; line: number; commands: readonly ShellCommand[] };

/** What a fence may say of its language: none at all is taken for a shell's too. */
const SHELL = new Set(['', 'sh', 'bash', 'shell', 'console', 'zsh']);

/** Every block of README.md, CONTRIBUTING.md and docs/, in the order in which a reader meets them. */
export async function readShellBlocks(): Promise<ShellBlock[]> {
  const below = await readdir(path.join(PROJECT_ROOT, 'docs'), { recursive: true });
  const docs = below.filter((file) => file.endsWith('.md')).sort();
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((file) => path.join('docs', file))];
  const texts = await Promise.all(pages.map((page) => readFile(path.join(PROJECT_ROOT, page), 'utf8')));
  return texts.flatMap((text, index) => shellBlocks(text, pages[index] ?? ''));
}

/** The blocks of one page. */
export function shellBlocks(markdown: string, page: string): ShellBlock[] {
  const blocks: ShellBlock[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*(?:```|~~~)\s*(\S*)/.exec(line);
    if (open === null) {
      if (fence !== null) open = { language: fence[1] ?? '', line: index + 1, lines: [] };
    } else if (fence === null) {
      open.lines.push(line);
    } else {
      if (SHELL.has(open.language)) blocks.push({ page, line: open.line, commands: commandsOf(open.lines) });
      open = null;
    }
  }
  return blocks;
}

/** A backslash at the end goes on in the next line; `$ ` of a console is the prompt's, and what it printed is not ours. */
function commandsOf(lines: readonly string[]): ShellCommand[] {
  const isConsole = lines.some((line) => line.startsWith('$ '));
  const commands: ShellCommand[] = [];
  let text = '';
  for (const line of lines) {
    if (text === '' && isConsole && !line.startsWith('$ ')) continue;
    text += text === '' ? line.replace(/^\$ /, '') : `\n${line}`;
    if (text.endsWith('\\')) continue;
    const key = text
      .replaceAll('\\\n', ' ')
      .replace(/(^|\s)#\s.*$/, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    if (key !== '') commands.push({ text, key });
    text = '';
  }
  return commands;
}
